import type { ChargeRequest as Body } from "../../contract";
import {
  AresError,
  ChargeRequest,
  digest,
  headers,
  isAresError,
  isCredits,
  Resource,
} from "../../contract";
import { readShort, readText, within } from "../bounded";
import { parseUrl } from "../parseUrl";
import { isOfFramework, refuse } from "../refusals";

/** The identity of a request: method, address and key. The same key at another address is another request. */
export function requestFingerprint({ method, url }: Request, key: string): Promise<string> {
  const { pathname, search } = new URL(url);
  return digest(["use", method, pathname + search, key]);
}

/** More time than any network needs for a small body. */
const BODY_MS = 10_000;

/** The longest body that has a digest. */
const MAX_DIGEST = 64 * 1024;
const TEXT = /^(text\/|application\/(.*\+)?json|application\/x-www-form-urlencoded)/i;

/**
 * A digest of a JSON, text or form body, from a copy: the handler still reads the body. Undefined for uploads, longer
 * bodies, slow bodies and bodies that were read before.
 */
export async function bodyDigest(request: Request): Promise<string | undefined> {
  if (request.bodyUsed) return undefined;
  if (!request.body) return digest(["body", ""]);
  const { headers: sent } = request;
  if (
    !TEXT.test(sent.get("Content-Type") ?? "") ||
    Number(sent.get("Content-Length") ?? 0) > MAX_DIGEST
  )
    return undefined;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), BODY_MS);
  try {
    return await digest([
      "body",
      await readText(request.clone().body, MAX_DIGEST, new TextDecoder(), stop.signal),
    ]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Reads from a copy of a request, so that the handler can still read the body. */
async function readCopy<T, Args extends readonly unknown[]>(
  read: (request: Request, ...args: Args) => T | Promise<T>,
  request: Request,
  args: Args,
): Promise<T> {
  const copy = request.clone();
  const value = await read(copy, ...args);
  if (copy.body && !copy.body.locked) void copy.body.cancel().catch(() => {});
  return value;
}

/** The resource of a request. */
export async function resourceOf<Args extends readonly unknown[]>(
  named: NamedResource<Args> | undefined,
  request: Request,
  args: Args,
): Promise<string | null> {
  if (named === undefined) return null;
  return namedResource(typeof named === "function" ? await readCopy(named, request, args) : named);
}

/** The input of a request. @throws {AresError} `invalid_request` where the app's function can't read one from this request */
export async function inputOf<Args extends readonly unknown[]>(
  named: unknown,
  request: Request,
  args: Args,
): Promise<unknown> {
  if (!isReader<Args>(named)) return named;
  try {
    return await readCopy(named, request, args);
  } catch (cause) {
    if (isAresError(cause) || isOfFramework(cause)) throw cause;
    throw refuse("invalid_request", {}, { message: UNREADABLE, cause });
  }
}

const UNREADABLE =
  "The input can't be read from this request, so this request charged nothing. Correct the request's body.";

function isReader<Args extends readonly unknown[]>(
  named: unknown,
): named is (request: Request, ...args: Args) => unknown {
  return typeof named === "function";
}

/** The paid resource, or a function that reads it from a copy of the request and the route's further arguments. */
export type NamedResource<Args extends readonly unknown[] = []> =
  | string
  | ((request: Request, ...args: Args) => string | Promise<string>);

/** The input of a quoted usage, or a function that reads the input, as `NamedResource` does. */
export type NamedInput<I, Args extends readonly unknown[] = []> =
  | I
  | ((request: Request, ...args: Args) => I | Promise<I>);

/** The resource of the app's code, when it can name something. An empty one is a fault of the code, and nothing is claimed. */
export function namedResource(resource: unknown): string {
  const named = Resource.safeParse(resource);
  if (named.success) return named.data;
  throw refuse("invalid_request", {}, { message: NO_RESOURCE });
}

const NO_RESOURCE =
  "The resource is empty or not valid. Nothing was charged. Name what is paid for, in 1 to 200 characters, or leave resource out.";

const MAX_BODY = 4 * 1024;

/** Reads a JSON body of at most 4 KiB. Content-Length alone is not believed. */
export async function readChargeRequest(request: Request): Promise<Body> {
  if (request.bodyUsed) throw refuse("invalid_request", {}, { message: BODY_USED });
  const type = request.headers.get("Content-Type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) throw refuse("unsupported_media_type");
  const body = await readBody(request);
  const parsed = ChargeRequest.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  if (body === "" && Number(request.headers.get("Content-Length")) > 0)
    throw refuse("invalid_request", {}, { message: BODY_USED });
  const where = parsed.error.issues[0]?.path.join(".") || "body";
  throw refuse(
    "invalid_request",
    {},
    {
      message: `The request's "${where}" is missing or not valid. Nothing was charged. Send { usage, resource?, input?, credits? } as JSON.`,
    },
  );
}

const BODY_USED =
  "The request's body was read before this handler got the request. Nothing was charged. Mount the handler above a body parser such as express.json(). In a Pages API route of Next, export const config = { api: { bodyParser: false } }.";
const BROKEN_BODY =
  "The request's body could not be read: it broke off, or it was read before this handler got the request. Nothing was charged. Mount the handler above a body parser such as express.json(). In a Pages API route of Next, export const config = { api: { bodyParser: false } }.";

/** The refusal of an object that is no web Request, such as the request of Express or Fastify. */
export function noWebRequest(request: Request): AresError | undefined {
  if (typeof request?.headers?.get === "function" && parseUrl(request.url)) return undefined;
  const message =
    "This handler takes a web Request and returns a Response. Nothing was charged. Convert the framework's request first.";
  return refuse(
    "invalid_request",
    {},
    { message, cause: new AresError("invalid_request", `ARES: ${message}`) },
  );
}

/** The key of a request, or null without one. The quoted form (RFC 8941) and the bare form are the same key. */
export function readKey(request: Request): string | null {
  const value = request.headers.get(headers.idempotencyKey);
  return value === null ? null : (/^"([^"\\]*)"$/.exec(value)?.[1] ?? value);
}

/** The price that the user was shown, in credits; undefined when the request names none. */
export function readShownCredits(request: Request): number | undefined {
  const value = request.headers.get(headers.credits);
  if (value === null) return undefined;
  const shown = Number(value || "none");
  if (!isCredits(shown)) throw refuse("invalid_request");
  return shown;
}

async function readBody(request: Request): Promise<string> {
  if (Number(request.headers.get("Content-Length") ?? 0) > MAX_BODY) throw refuse("body_too_large");
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const short = readShort(request, decoder);
  // A short body needs no signal to end its reading, and a signal costs more than the body.
  const stop = short ? undefined : new AbortController();
  try {
    return await within(BODY_MS, short ?? readText(request.body, MAX_BODY, decoder, stop?.signal));
  } catch (error) {
    stop?.abort();
    if (error instanceof RangeError) throw refuse("body_too_large");
    throw refuse("invalid_request", {}, { message: BROKEN_BODY });
  }
}

/** Undefined for text that is no JSON: the schema refuses undefined too. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
