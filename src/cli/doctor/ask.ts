import { headers as names } from "../../contract";

/** One answer of the running app. */
export interface Heard {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON. An empty object for anything else. */
  body: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970, before and after the answer. */
  asked: number;
  heard: number;
  /** True for an answer of this kit, by its header or by its body. */
  isKit: boolean;
}

export type Ask = (
  url: string,
  init?: { method?: string; headers?: Record<string, string>; body?: string },
) => Promise<Heard>;

const WAIT_MS = 15_000;

/** Asks the running app. Each request has a connection of its own, so that several workers may answer. */
export function createAsk(
  sent: Readonly<Record<string, string>>,
  now: () => number = Date.now,
): Ask {
  return async (url, { headers, ...init } = {}) => {
    const asked = now();
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(WAIT_MS),
      headers: { ...sent, Connection: "close", ...headers },
    });
    const text = await response.text();
    const body = asJson(text);
    const isKit = (response.headers.get(names.contract) ?? String(body.contract)) === "1";
    return {
      status: response.status,
      headers: response.headers,
      text,
      body,
      asked,
      heard: now(),
      isKit,
    };
  };
}

function asJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
