import { contractVersion, headers, isAresError } from "../contract";
import { type Answer, aresError } from "./answer";

export interface Connection {
  /** Asks by GET. Rejects with `network_error` when no answer came. */
  read(query: Record<string, string>): Promise<Answer>;
  /** Sends the one POST. `leave` is called right before the first byte leaves, and stops it by throwing. */
  send(key: string, body: unknown, leave: () => void): Promise<Answer>;
  /** Calls any endpoint of the app as the same user. @throws {AresError} `network_error`, `auth_unavailable` */
  call(url: string | URL, init: RequestInit): Promise<Response>;
}

export interface ConnectionOptions {
  endpoint: string;
  getToken?: (() => Promise<string | null | undefined> | string | null | undefined) | undefined;
  fetch?: typeof fetch | undefined;
}

const READ_MS = 10_000;

/** Speaks HTTP to the app's own endpoint. Nothing here repeats a request. */
export function createConnection(options: ConnectionOptions): Connection {
  const call = async (url: string | URL, init: RequestInit, leave?: () => void): Promise<Response> => {
    const { getToken, fetch: send = fetch } = options;
    const token = await within(READ_MS, (async () => getToken?.())()).catch((error: unknown) => {
      throw isAresError(error) ? error : aresError("auth_unavailable");
    });
    const sent = new Headers(init.headers);
    if (token) sent.set("Authorization", `Bearer ${token}`);
    leave?.();
    return send(url, { cache: "no-store", ...init, headers: sent }).catch(() => {
      throw aresError("network_error");
    });
  };

  const ask = async (query: string, init: RequestInit, leave?: () => void): Promise<Answer> => {
    const response = await call(options.endpoint + query, init, leave);
    return {
      status: response.status,
      ok: response.ok,
      contract: response.headers.get(headers.contract) === contractVersion,
      body: await response.json().catch(() => undefined),
    };
  };

  return {
    read: (query) => {
      const search = new URLSearchParams(query).toString();
      const joint = options.endpoint.includes("?") ? "&" : "?";
      return within(READ_MS * 2, ask(search && joint + search, {}));
    },
    send: (key, body, leave) =>
      ask(
        "",
        {
          method: "POST",
          body: JSON.stringify(body),
          keepalive: true,
          headers: { "Content-Type": "application/json", [headers.idempotencyKey]: key },
        },
        leave,
      ),
    call,
  };
}

/** Waits so long and no longer. What was waited for goes on. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(aresError("network_error")), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
