import type { ChargeRequest as Body } from "../../contract";
import { ChargeRequest, headers, isCredits } from "../../contract";
import { readText } from "../readText";
import { refuse } from "../refusals";

const MAX_BODY = 4 * 1024;
/** Longer than any network needs for so little. */
const BODY_MS = 10_000;

/**
 * Refuses a POST that another site could have caused: the browser says where a request comes from, and a
 * caller that is no browser must show a bearer token instead of relying on cookies.
 *
 * @source OWASP, Cross-Site Request Forgery Prevention: Fetch Metadata, falling back to Origin.
 */
export function checkOrigin(request: Request, origins: readonly string[]): void {
  const source = sourceOf(request, origins);
  if (source === "own") return;
  if (source === "unsaid" && /^Bearer \S/.test(request.headers.get("Authorization") ?? "")) return;
  throw refuse("origin_rejected");
}

/** As `checkOrigin`; a GET may also be a link the user followed or a caller that is no browser. */
export function checkSite(request: Request, origins: readonly string[]): void {
  const reads = request.method === "GET" || request.method === "HEAD";
  (reads ? refuseOtherSites : checkOrigin)(request, origins);
}

/** Refuses only what comes from elsewhere by the browser's own word, or by its origin where it has no other word for it. */
export function refuseOtherSites(request: Request, origins: readonly string[]): void {
  if (sourceOf(request, origins) === "other") throw refuse("origin_rejected");
}

/** Whose page a request comes from. `typed`: nobody's, by the browser's own word; `unsaid`: its sender is no browser, or an old one. */
function sourceOf(request: Request, origins: readonly string[]): "own" | "other" | "typed" | "unsaid" {
  const site = request.headers.get("Sec-Fetch-Site");
  const origin = request.headers.get("Origin");
  if (origin !== null && origins.includes(origin)) return "own";
  if (site === "none") return "typed";
  if (site !== null) return site === "same-origin" ? "own" : "other";
  if (origin === null) return "unsaid";
  return origins.length === 0 && origin === new URL(request.url).origin ? "own" : "other";
}

/** Reads a JSON body of at most 4 KiB, whatever Content-Length says. */
export async function readChargeRequest(request: Request): Promise<Body> {
  const type = request.headers.get("Content-Type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) throw refuse("unsupported_media_type");
  const parsed = ChargeRequest.safeParse(parseJson(await readBody(request)));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") || "body";
  throw refuse(
    "invalid_request",
    {},
    { message: `The request's "${where}" is missing or not valid. Nothing was charged. Send { usage, resource?, credits? } as JSON.` },
  );
}

/** The key of a request, or null when it has none. Quoted (RFC 8941 string) and bare forms are the same key. */
export function readKey(request: Request): string | null {
  const value = request.headers.get(headers.idempotencyKey);
  return value === null ? null : (/^"([^"\\]*)"$/.exec(value)?.[1] ?? value);
}

/** The price that the caller was shown, in credits; undefined when they do not say. */
export function readShownCredits(request: Request): number | undefined {
  const value = request.headers.get(headers.credits);
  if (value === null) return undefined;
  const shown = Number(value || "none");
  if (!isCredits(shown)) throw refuse("invalid_request");
  return shown;
}

async function readBody(request: Request): Promise<string> {
  if (Number(request.headers.get("Content-Length") ?? 0) > MAX_BODY) throw refuse("body_too_large");
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), BODY_MS);
  try {
    return await readText(request.body, MAX_BODY, new TextDecoder("utf-8", { fatal: true }), stop.signal);
  } catch (error) {
    if (error instanceof RangeError) throw refuse("body_too_large");
    if (error instanceof TypeError || stop.signal.aborted) throw refuse("invalid_request");
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined is no request either. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
