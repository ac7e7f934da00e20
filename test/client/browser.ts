import { type AresClient, createAresClient, type PageLocks } from "../../src/client";
import { answersTo } from "./lookUps";

/** The network's effect on one request and its answer, in milliseconds of faked time. */
export interface Fate {
  /** Null: the request never arrives. */
  there: number | null;
  work: number;
  outcome: "charged" | "declined" | "unknown, deducted" | "unknown, not deducted";
  /** Null: the answer never arrives, and the connection breaks after a while. */
  back: number | null;
}

type Row = "sending" | "charged" | "declined" | "unknown";

const settledAs = {
  charged: "charged",
  declined: "declined",
  "unknown, deducted": "unknown",
  "unknown, not deducted": "unknown",
} as const satisfies Record<Fate["outcome"], Row>;

function answerOfGuide(row: Row): Response {
  if (row === "charged") return Response.json({ message: "Success" });
  return Response.json({ error: "ARES API error" }, { status: row === "declined" ? 402 : 500 });
}

function answerOfKit(row: Row): Response {
  const [status, body] = kitAnswers[row];
  return Response.json(body, { status, headers: { "Ares-Contract": "1" } });
}

const kitAnswers: Record<Row, [status: number, body: object]> = {
  charged: [200, { message: "Success", status: "charged", charge: { status: "charged" } }],
  sending: [409, { code: "charge_in_progress", retryable: true }],
  declined: [402, { code: "insufficient_credits" }],
  unknown: [409, { code: "outcome_unknown" }],
};

/** An endpoint over a bad network. `contract`: this kit's handler. Otherwise the guide's route, which deducts for every request. */
export function createEndpoint(contract: boolean, fateOf: () => Fate) {
  const rows = new Map<string, Row>();
  const deductions: string[] = [];
  const sent: string[] = [];

  async function post(key: string, fate: Fate): Promise<Response> {
    const row = rows.get(key);
    if (contract && row) return answerOf(row);
    rows.set(key, "sending");
    if (fate.outcome === "charged" || fate.outcome === "unknown, deducted") deductions.push(key);
    await sleep(fate.work);
    const settled = settledAs[fate.outcome];
    rows.set(key, settled);
    return answerOf(settled);
  }

  function answerOf(row: Row): Response {
    return contract ? answerOfKit(row) : answerOfGuide(row);
  }

  function get(url: string): Response {
    if (!contract) return Response.json({ user: { credits: 10 } });
    const body = answersTo(url, ({ key, usage, resource }) => ({
      charge: { status: rows.get(key ?? `${usage} ${resource}`) ?? "absent" },
    }));
    return Response.json(body, { headers: { "Ares-Contract": "1" } });
  }

  /** The resource that a POST charges for, as its row is called. */
  function resourceIn(init: RequestInit | undefined): string | undefined {
    if (init?.method !== "POST" || typeof init.body !== "string") return undefined;
    const { usage, resource }: { usage?: string; resource?: string } = JSON.parse(init.body);
    return resource === undefined ? undefined : `${usage} ${resource}`;
  }

  /** A page's own way to the endpoint. When the page is closed, its requests travel on, and nobody receives the answers. */
  function fetchOf(isGone: () => boolean): typeof fetch {
    return async (input, init) => {
      if (isGone()) return new Promise(() => {});
      const fate = fateOf();
      const isPost = init?.method === "POST";
      const key = new Headers(init?.headers).get("Idempotency-Key") ?? "";
      const name = resourceIn(init) ?? key;
      if (isPost) sent.push(key);
      const broken = sleep(9000).then(() => {
        throw new TypeError("Failed to fetch");
      });
      const work = async () => {
        if (fate.there === null) return broken;
        await sleep(fate.there);
        const answer = isPost ? await post(name, fate) : get(String(input));
        if (fate.back === null) return broken;
        await sleep(fate.back);
        return answer;
      };
      broken.catch(() => {});
      const answer = await work();
      return isGone() ? new Promise(() => {}) : answer;
    };
  }

  return {
    fetchOf,
    first: () => get(""),
    deductions,
    sent,
    hasDeclined: () => [...rows.values()].includes("declined"),
  };
}

export interface Page {
  client: AresClient;
  isGone: () => boolean;
  /** Ends the page as a reload or a crash would: at once, without a word. */
  close: () => void;
}

/**
 * One browser: storage, locks and a channel between its tabs. `tokenMs`: how long the sign-in takes for the next token.
 * `first`: answers each page's first question at once. Without it the page's first press asks, over the bad network.
 */
export function createBrowser(
  fetchOf: (isGone: () => boolean) => typeof fetch,
  tokenMs: () => number = () => 0,
  first?: () => Response,
) {
  const entries = new Map<string, string>();
  /** Each page is its own process, and sees another page's stored keys a moment later. */
  const views = new Set<Map<string, string>>();
  const STORED_MS = 40;
  const lines = new Set<(data: unknown) => void>();
  let last = Promise.resolve();
  let minted = 0;

  /** One lock for all names, held by one page at a time. A closed page frees the lock once the others see its stored keys. */
  function locksOf(isGone: () => boolean, whenGone: Promise<void>): PageLocks {
    return {
      request(_, work) {
        const held = last.then(() => (isGone() ? undefined : work()));
        // A closing page frees its own turn, never another page's turn.
        last = last
          .then(() => Promise.race([held, whenGone.then(() => sleep(STORED_MS))]))
          .then(() => {});
        return held;
      },
    };
  }

  function openPage(userKey = "ada"): Page {
    let gone = false;
    let end = () => {};
    const whenGone = new Promise<void>((resolve) => {
      end = resolve;
    });
    const view = new Map(entries);
    views.add(view);
    const alive = () => {
      if (gone) throw new Error("The page is gone.");
      return view;
    };
    const write = (change: (to: Map<string, string>) => void) => {
      for (const now of [alive(), entries]) change(now);
      setTimeout(() => {
        for (const other of views) if (other !== view) change(other);
      }, STORED_MS);
    };
    const storage: Storage = {
      get length() {
        return alive().size;
      },
      key: (index) => [...alive().keys()][index] ?? null,
      getItem: (name) => alive().get(name) ?? null,
      setItem: (name, value) => write((to) => void to.set(name, value)),
      removeItem: (name) => write((to) => void to.delete(name)),
      clear: () => write((to) => to.clear()),
    };
    const send = fetchOf(() => gone);
    let isOpening = first !== undefined;
    const client = createAresClient({
      endpoint: "/api/ares",
      userKey,
      clientId: "app",
      fetch: async (input, init) =>
        first && String(input).includes("charges=recent") ? first() : send(input, init),
      async getToken() {
        if (!isOpening) await sleep(tokenMs());
        return "session-token";
      },
      storage,
      now: Date.now,
      newKey: () => {
        minted += 1;
        return `key-${minted}`;
      },
      locks: locksOf(() => gone, whenGone),
      openChannel: () => {
        const channel: {
          onmessage: ((event: MessageEvent) => void) | null;
          postMessage(data: unknown): void;
          close(): void;
        } = {
          onmessage: null,
          postMessage: (data) => {
            for (const line of lines) if (line !== hear) setTimeout(() => line(data), 5);
          },
          close: () => void lines.delete(hear),
        };
        const hear = (data: unknown) => {
          if (!gone) channel.onmessage?.(new MessageEvent("message", { data }));
        };
        lines.add(hear);
        return channel;
      },
    });
    if (first) void client.readCharges();
    isOpening = false;
    const disconnect = client.connect();
    return {
      client,
      isGone: () => gone,
      close: () => {
        gone = true;
        end();
        disconnect();
      },
    };
  }

  return { openPage, entries };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
