import * as z from "zod/mini";
import { fromHundredths, need, toHundredths } from "../../contract";
import { readShort, readText } from "../bounded";
import type { AresReply } from "./classify";

/** The only place that knows ARES's addresses, field names and quirks. The functions never reject: every answer is data. */
export interface AresApi {
  /** `GET /v1/user`: whose token it is, and the credits left. */
  getUser(token: string): Promise<AresReply>;
  /** `POST /v1/partner/usage`: takes credits for one usage. Called once per `begin`. */
  postUsage(
    token: string,
    charge: { clientId: string; usage: string; hundredths: number },
  ): Promise<AresReply>;
}

/** How the server reaches ARES. */
export interface AresApiOptions {
  /** @default "https://oauth.joinares.com" */
  baseUrl?: string;
  /** The limit of one call, body included, in milliseconds. @default 10000 */
  timeoutMs?: number;
  fetch?: (input: string, init: RequestInit) => Promise<Response>;
}

/**
 * The body of `GET /v1/user`. ARES's own app reads `user.credits` from it, and flat profile fields at sign-in.
 *
 * @source ARES partner guide, "API endpoints". A missing number is an error, never 0.
 */
const AresUser = /* @__PURE__ */ (() =>
  z.looseObject({
    user: z.looseObject({
      id: z.optional(z.string()),
      email: z.optional(z.string()),
      credits: z.number().check(z.refine(isAmount)),
    }),
  }))();

/** True for an amount that a balance can be: whole hundredths stay exact. */
function isAmount(credits: number): boolean {
  return Number.isSafeInteger(toHundredths(credits));
}

/** The account that `GET /v1/user` told; undefined where it told none. */
export function userOf(reply: AresReply): z.infer<typeof AresUser>["user"] | undefined {
  return reply.status === "answered" && reply.http === 200
    ? AresUser.safeParse(reply.body).data?.user
    : undefined;
}

/** A larger body counts as a lost answer. */
const MAX_BODY = 64 * 1024;

type Call = RequestInit & { method: "GET" | "POST" };

/** Hears of each call that goes over the wire. */
export type ObserveCall = (
  call: Pick<Call, "method"> & { url: string },
  run: () => Promise<AresReply>,
) => Promise<AresReply>;

export function createAresApi(
  {
    baseUrl = "https://oauth.joinares.com",
    timeoutMs = 10_000,
    fetch = globalThis.fetch,
  }: AresApiOptions = {},
  observe: ObserveCall = (_, run) => run(),
): AresApi {
  const base = new URL(baseUrl);
  const loopback =
    base.hostname === "localhost" || base.hostname === "127.0.0.1" || base.hostname === "[::1]";
  need(
    base.protocol === "https:" || loopback,
    "baseUrl must be https, or localhost. Access tokens would travel unencrypted.",
  );
  need(
    Number.isInteger(timeoutMs) && timeoutMs > 0 && timeoutMs < 2 ** 31,
    `timeoutMs is ${timeoutMs}. Use whole milliseconds above 0.`,
  );

  let cacheOption: RequestInit | undefined;

  async function call(path: string, token: string, init: Call): Promise<AresReply> {
    const headers = headersWith(token);
    if (!headers) return { status: "token_rejected" };
    const url = `${base.origin}${path}`;
    return observe({ method: init.method, url }, () => inTime(url, { ...init, headers }));
  }

  /** One call within the time limit, even when `fetch` ignores its signal. */
  async function inTime(url: string, init: RequestInit): Promise<AresReply> {
    const deadline = new AbortController();
    // The timer ends with the call. A timer left behind would hold the call's request for its whole time.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<AresReply>((resolve) => {
      timer = setTimeout(() => {
        deadline.abort();
        resolve({ status: "lost" });
      }, timeoutMs);
    });
    try {
      return await Promise.race([exchange(url, init, deadline.signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async function exchange(
    url: string,
    init: RequestInit,
    deadline: AbortSignal,
  ): Promise<AresReply> {
    cacheOption ??= uncached();
    try {
      // A followed redirect would carry the token to another host.
      const response = await fetch(url, {
        ...init,
        redirect: "manual",
        ...cacheOption,
        signal: deadline,
      });
      const decoder = new TextDecoder();
      const body = parseJson(
        await (readShort(response, decoder) ??
          readText(response.body, MAX_BODY, decoder, deadline)),
      );
      const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
      const retryAfterSeconds = Number.isFinite(retryAfter)
        ? Math.min(60, Math.max(0, Math.ceil(retryAfter)))
        : undefined;
      return { status: "answered", http: response.status, body, retryAfterSeconds };
    } catch (error) {
      return { status: neverConnected(error) ? "not_sent" : "lost" };
    }
  }

  return {
    getUser: (token) => call("/v1/user", token, { method: "GET" }),
    postUsage: (token, { clientId, usage, hundredths }) =>
      call("/v1/partner/usage", token, {
        ...sentOnce(
          JSON.stringify({ client_id: clientId, usage, credits: fromHundredths(hundredths) }),
        ),
        method: "POST",
      }),
  };
}

/**
 * A body that no `fetch` sends twice by itself.
 *
 * When a connection breaks before the answer, Deno's `fetch` repeats even a POST, and ARES would deduct twice.
 * A stream can't be repeated.
 *
 * @source https://github.com/denoland/deno/pull/32566 and https://github.com/denoland/deno/issues/35610; seen with 2.9.6.
 */
export function sentOnce(body: string): RequestInit {
  if (!("Deno" in globalThis)) return { body };
  const once = { body: new Blob([body]).stream(), duplex: "half" };
  return once;
}

/**
 * Keeps a framework's cache from answering with an old balance. Workers with a compatibility date before 2024-11-11
 * have no such cache and throw at the option. Without this check every charge there would be unknown.
 */
export function uncached(): RequestInit {
  try {
    const init = { cache: "no-store" } as const;
    new Request("https://ares.test", init);
    return init;
  } catch {
    return {};
  }
}

/** Undefined for a token that no header can carry. `fetch` would throw, and the error would not tell whether anything was sent. */
function headersWith(token: string): Headers | undefined {
  try {
    return new Headers({
      Accept: "application/json",
      "Content-Type": "application/json",
      Authorization: `Bearer ${token}`,
    });
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Errors from before the connection stood: no byte of the request has left.
 *
 * @source Node's and undici's error codes. ECONNRESET and EPIPE are missing on purpose: a processed request can end with them too.
 */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

export function neverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.every(neverConnected);
  if ("code" in error && typeof error.code === "string" && NEVER_CONNECTED.has(error.code))
    return true;
  return neverConnected(error.cause);
}
