import { contractHeader, contractVersion, isAresError, pretendHeader } from "../contract";
import { type Answer, aresError } from "./answer";
import { hint } from "./hint";
import { showPretend } from "./pretendBanner";

/** The names and values in an address, in their order. */
export type Query = readonly (readonly [name: string, value: string])[];

export interface Connection {
  /** Asks by GET. Rejects with `network_error` when no answer came. */
  read(query?: Query): Promise<Answer>;
  /** Sends a request to the endpoint before the function returns. Rejects with `network_error` when no answer came. */
  ask(query: Query, init: RequestInit): Promise<Answer>;
  /** The headers by which a request speaks for the user. @throws {AresError} `network_error`, `auth_unavailable` */
  authorize(given?: HeadersInit): Promise<Headers>;
  /** Sends a request to any address, as it is given. Rejects with `network_error` when no answer came. */
  request(url: string | URL, init: RequestInit): Promise<Response>;
}

export interface ConnectionOptions {
  /** The app's own endpoint, such as `/api/ares`. */
  endpoint: string;
  /** ARES's client id, for servers that want it in the body, such as the partner guide's own route. */
  clientId?: string | undefined;
  /** Names the connected ARES account. A server that keeps access tokens then notices another account. */
  account?: string | undefined;
  /** Supplies a session token, sent as `Authorization: Bearer`. Not needed with cookies. */
  getToken?: (() => Promise<string | null | undefined> | string | null | undefined) | undefined;
  /** More origins that may see the session's token, such as `https://api.example.com`. */
  origins?: readonly string[] | undefined;
  /** @default globalThis.fetch */
  fetch?: typeof fetch | undefined;
}

const READ_MS = 10_000;

/** Speaks HTTP to the app's own endpoint. Nothing here repeats a request. */
export function createConnection(
  options: ConnectionOptions,
  hear: (answer: Answer) => void = () => {},
): Connection {
  async function authorize(given?: HeadersInit): Promise<Headers> {
    const sent = new Headers(given);
    async function addToken(): Promise<void> {
      if (sent.has("Authorization")) return;
      const token = await options.getToken?.();
      if (token) sent.set("Authorization", `Bearer ${token}`);
    }
    await within(READ_MS, addToken()).catch((error: unknown) => {
      throw isAresError(error) ? error : aresError("auth_unavailable");
    });
    return sent;
  }

  async function request(url: string | URL, init: RequestInit): Promise<Response> {
    const { fetch: send = fetch } = options;
    return send(url, { cache: "no-store", ...init }).catch(() => {
      if (process.env.NODE_ENV !== "production" && isForeign(url)) hint(`${url} ${NO_CORS}`);
      throw aresError("network_error");
    });
  }

  /** The endpoint's address with a query. */
  function addressOf(query: Query): string {
    const { endpoint, account } = options;
    const search = searchOf(account ? [...query, ["account", account]] : query);
    if (!search) return endpoint;
    return endpoint + (endpoint.includes("?") ? "&" : "?") + search;
  }

  async function ask(query: Query, init: RequestInit): Promise<Answer> {
    const { endpoint } = options;
    const response = await request(addressOf(query), init);
    const { status, ok, headers } = response;
    const body = await response.json().catch(() => undefined);
    // A bridge or a proxy may lose the headers, so the version stands in the body too.
    const contract = (headers.get(contractHeader) ?? String(body?.contract)) === contractVersion;
    const answer = { status, ok, contract, body };
    if (process.env.NODE_ENV !== "production") {
      if (contract && !headers.has(contractHeader)) hint(`${endpoint} ${LOST_HEADERS}`);
    }
    if (headers.has(pretendHeader)) showPretend();
    hear(answer);
    return answer;
  }

  return {
    authorize,
    request,
    ask,
    read(query = []) {
      return within(
        READ_MS * 2,
        authorize().then((authorized) => ask(query, { headers: authorized })),
      );
    },
  };
}

/** The query as it stands in the address. */
export function searchOf(query: Query): string {
  return String(new URLSearchParams(query.map(([name, value]) => [name, value])));
}

/** False only when the browser knows that it has no network. */
export const isOnline = (): boolean => globalThis.navigator?.onLine !== false;

/** True for an address of another origin than the page's. */
function isForeign(url: string | URL): boolean {
  const page = globalThis.location?.href;
  return (
    page !== undefined &&
    URL.canParse(url, page) &&
    new URL(url, page).origin !== new URL(page).origin
  );
}

const NO_CORS =
  "is of another origin and gave no answer that this page may read. Name the page's origin in the option cors of createAresServer, and export OPTIONS.";

const LOST_HEADERS =
  "answered without its Ares-Contract header, so a bridge, a proxy or CORS loses headers. The kit reads the body instead. Send the handler's headers on. For another origin, also send Access-Control-Expose-Headers: Ares-Contract.";

/** Waits for work at most `ms` milliseconds. The work itself goes on. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(aresError("network_error")), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
