import { vi } from "vitest";
import {
  type AresAuth,
  type AresEvent,
  type AresServerOptions,
  createAresServer,
  definePrices,
  memoryLedger,
  mintKey,
  type Prices,
} from "../../src/server";

/** A bare stand-in for ARES: deducts on every success, and gives the answer that a test sets. */
export function pretendAres({ balance = 100 }: { balance?: number } = {}) {
  const book: { token: string; usage: string; credits: number; clientId: string }[] = [];
  const calls: string[] = [];
  let answers: ((deduct: () => void) => Response | Promise<Response>)[] = [];
  const left = () => balance - book.reduce((sum, entry) => sum + entry.credits, 0);

  async function fetch(url: string, init: RequestInit): Promise<Response> {
    const path = new URL(url).pathname;
    calls.push(`${init.method} ${path}`);
    const token = new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "";
    if (path === "/v1/user")
      return json(200, {
        message: "Success",
        user: { id: "ares-1", email: "canary@example.test", credits: left() },
      });
    const { client_id, usage, credits } = JSON.parse(String(init.body));
    const deduct = () => void book.push({ token, usage, credits, clientId: client_id });
    const scripted = answers.shift();
    if (scripted) return scripted(deduct);
    if (left() < credits) return json(400, { error: "Insufficient credits" });
    deduct();
    return json(200, { message: "Success", usage: { usage, credits } });
  }

  function next(...more: typeof answers) {
    answers = [...answers, ...more];
  }

  /** Takes the credits of the next charge at once, and answers when the returned function is called. */
  function hold(answer = json(200, { message: "Success" })): () => void {
    let release = () => {};
    const released = new Promise<void>((done) => {
      release = done;
    });
    next(async (deduct) => {
      deduct();
      await released;
      return answer;
    });
    return release;
  }

  return {
    fetch,
    book,
    calls,
    posts: () => calls.filter((call) => call.startsWith("POST")).length,
    next,
    hold,
  };
}

export function json(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
}

export const prices = definePrices({
  "export-pdf": 1,
  image: 4,
  report: { credits: 3 },
  day: { credits: 2, keepMs: 1_000 },
  mite: 0.01,
});

/** Does work whose pauses take no time, unless a test holds the clock. */
async function hurried<T>(work: () => Promise<T>): Promise<T> {
  if (vi.isFakeTimers()) return work();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const end = work();
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    end.then(over, over);
    while (!isOver) {
      await vi.advanceTimersByTimeAsync(100);
      await new Promise(setImmediate);
    }
    return await end;
  } finally {
    vi.useRealTimers();
  }
}

/** The kit's server in front of the pretend ARES, with a clock that tests move. */
export function world(
  options: Partial<AresServerOptions<typeof prices>> & { balance?: number } = {},
) {
  return worldOf(prices, options);
}

/** A world with prices of its own. */
export function worldOf<const P extends Prices>(
  prices: P,
  options: Partial<AresServerOptions<P>> & { balance?: number } = {},
) {
  const { balance, ...rest } = options;
  const ares = pretendAres(balance === undefined ? {} : { balance });
  const clock = { ms: 1_800_000_000_000 };
  const now = () => clock.ms;
  const events: AresEvent[] = [];
  const ledger = options.ledger ?? memoryLedger({ now });
  const session: { auth: AresAuth | null } = {
    auth: { userId: "user-1", getAccessToken: async () => "canary-token" },
  };
  const created = createAresServer<P>({
    clientId: "client-1",
    prices,
    auth: async () => session.auth,
    ares: { fetch: ares.fetch, timeoutMs: 2_000 },
    onEvent: (event) => events.push(event),
    now,
    ...rest,
    ledger,
  });
  // A ledger of the test's own may be a real engine, whose answers take real time.
  const server: typeof created = options.ledger
    ? created
    : { ...created, reconcile: (options) => hurried(() => created.reconcile(options)) };
  const key = () => mintKey(clock.ms);

  function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return server.handler(
      new Request("https://app.example/api/ares", {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: {
          "Content-Type": "application/json",
          "Sec-Fetch-Site": "same-origin",
          "Idempotency-Key": key(),
          ...headers,
        },
      }),
    );
  }
  function get(query = "", headers: Record<string, string> = {}): Promise<Response> {
    return server.handler(new Request(`https://app.example/api/ares${query}`, { headers }));
  }
  /** A press of the guide's own button: no key. */
  function press(body: unknown): Promise<Response> {
    return server.handler(
      new Request("https://app.example/api/ares", {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin" },
      }),
    );
  }
  return { ares, clock, events, ledger, session, server, key, post, get, press };
}
