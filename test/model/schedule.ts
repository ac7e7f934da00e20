import { keyWithTerms } from "../../src/contract";
import {
  type AresAuth,
  definePrices,
  isAresError,
  type Ledger,
  memoryLedger,
  mintKey,
} from "../../src/server";
import type { AresReply } from "../../src/server/ares/classify";
import { type ChargeEngine, createChargeEngine } from "../../src/server/charge/chargeEngine";
import { createClaim } from "../../src/server/charge/claimLimit";
import { ownerOf } from "../../src/server/charge/owner";
import { createBegin } from "../../src/server/charge/spendCap";
import { chargeState } from "../../src/server/http/answers";
import { type Asked, collectEvidence, intentOf, type Send, type Wish } from "./evidence";
import { fates } from "./fates";
import type { VirtualTime } from "./virtualTime";

const START = 1_800_000_000_000;
const DAY = 24 * 60 * 60 * 1000;
const DEADLINE_MS = 10_000;
const prices = definePrices({
  pdf: 1,
  image: 4,
  report: { credits: 3 },
  day: { credits: 2, keepMs: 60_000 },
});
const rules = {
  price: { pdf: 1, image: 4, report: 3, day: 2 },
  keepMs: { report: Number.POSITIVE_INFINITY, day: 60_000 },
};

type Post = (token: string, credits: number) => Promise<AresReply>;

/** The place where a mutant replaces a part of the kit, or a part under the kit. */
export interface Patch {
  ledger?: (ledger: Ledger, now: () => number) => Ledger;
  post?: (post: Post) => Post;
  charge?: (charge: ChargeEngine["charge"]) => ChargeEngine["charge"];
  now?: (now: () => number) => () => number;
}

interface Worker {
  alive: boolean;
  engine: ChargeEngine;
  sends: Send[];
}

/**
 * A message between a worker and the ledger or ARES: first the message arrives, then its answer. A renewed read of a
 * token is such a message too, and a lease may end meanwhile.
 */
type Pending =
  | { to: "sign-in"; worker: Worker; reply: () => void }
  | {
      to: "ledger";
      worker: Worker;
      apply: () => Promise<void>;
      reply?: () => void;
      fail: () => void;
    }
  | {
      to: "ares";
      worker: Worker;
      send: Send;
      answer: (reply: AresReply | null) => void;
      reply?: () => void;
    };

const key = (n: number) => mintKey(START + n, new Uint8Array(10).fill(n));
const pdf = { user: "ada", key: key(1), usage: "pdf", resource: null, wrongPrice: false };
const ada = await ownerOf("client-1", "ada");
const intents: readonly Wish[] = [
  pdf,
  pdf,
  { ...pdf, wrongPrice: true },
  { ...pdf, user: "bob" },
  { ...pdf, usage: "image" },
  { ...pdf, usage: "image", key: key(6) },
  { ...pdf, usage: "report", resource: "r-1", key: key(2) },
  { ...pdf, usage: "report", resource: "r-1", key: key(3) },
  { ...pdf, usage: "day", resource: "d", key: key(4) },
  { ...pdf, usage: "day", resource: "d", key: key(5) },
  { ...pdf, key: keyWithTerms(key(8), { owner: ada, credits: 9 }), wrongPrice: true, inKey: true },
  { ...pdf, key: keyWithTerms(key(9), { owner: ada, credits: 1 }), user: "bob", wrongUser: true },
  { ...pdf, key: keyWithTerms(key(9), { owner: ada, credits: 1 }) },
];
/** One key for two requests. At most one of them may be charged. */
const reused: readonly Wish[] = [
  { ...pdf, key: key(7) },
  { ...pdf, usage: "report", resource: "r-2", key: key(7) },
];
const waits = [1, 101, 3_000, 5_001, 10_001, 30_001, 61_000, 3_600_000];
/** Every number below this is one step of a schedule. */
export const stepCount = 100 * 64 * 64;

/** A user whose token works, or does not. A renewed token comes from the sign-in. */
function authOf(
  { user, no }: Asked,
  token: "works" | "fails" | "none",
  askSignIn: () => Promise<void>,
): AresAuth {
  return {
    userId: user,
    async getAccessToken({ refresh = false } = {}) {
      if (token === "fails") throw new Error("sign-in is down");
      if (refresh) await askSignIn();
      return token === "none" ? null : `${no}.${refresh ? 2 : 1}`;
    },
  };
}

const codeOf = (error: unknown) => (isAresError(error) ? error.code : "internal");

/** The credits that the user was shown, where the request itself says them. */
function shownTo({ usage, inKey, wrongPrice }: Wish): number | undefined {
  if (inKey) return undefined;
  const price = Object.entries(rules.price).find(([name]) => name === usage)?.[1] ?? 0;
  return wrongPrice ? price + 1 : price;
}

/** True for an intent whose key has one meaning, so that a read of the key speaks of it. */
function isReadable(intent: Wish): boolean {
  return !intent.wrongPrice && intent.usage !== "image" && !reused.includes(intent);
}

/** Runs one schedule over two workers of the real engine and one ledger. Returns the broken laws. */
export async function runSchedule(
  steps: readonly number[],
  time: VirtualTime,
  patch: Patch = {},
): Promise<string[]> {
  time.start(START);
  const evidence = collectEvidence(rules, time.now);
  const base = memoryLedger({ now: time.now });
  const ledger = patch.ledger?.(base, time.now) ?? base;
  const asks = new Map<string, Asked>();
  /** The attempt that was let through last, by intent and worker. */
  const begun = new Map<string, string>();
  let pending: Pending[] = [];
  let attempts = 0;

  function createWorker(): Worker {
    const intentOfAttempt = new Map<string, string>();

    function throughNetwork<T>(operation: () => Promise<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        // A dead worker's code never runs on.
        if (!worker.alive) return;
        const gate: Pending = {
          to: "ledger",
          worker,
          async apply() {
            const result = await operation();
            gate.reply = () => resolve(result);
          },
          fail: () => reject(new Error("the ledger's answer was lost")),
        };
        pending.push(gate);
      });
    }

    function post(token: string, credits: number): Promise<AresReply> {
      const asked = asks.get(token.replace(/\..*/, ""));
      if (!asked) throw new Error("nobody asked for this");
      const send = evidence.sent(asked, begun.get(intentOf(asked)) ?? "", credits);
      worker.sends.push(send);
      return new Promise((resolve) => {
        let late = false;
        setTimeout(() => {
          late = true;
          resolve({ status: "lost" });
        }, DEADLINE_MS);
        const answer = (reply: AresReply | null) => {
          if (!worker.alive || reply === null) return;
          send.heard = !late;
          resolve(reply);
        };
        pending.push({ to: "ares", worker, send, answer });
      });
    }

    const network: typeof ledger = {
      ...ledger,
      async claim(id, claim) {
        intentOfAttempt.set(claim.attempt, intentOf({ ...claim, user: claim.userId }));
        return throughNetwork(async () => {
          const result = await ledger.claim(id, claim);
          if (result.k === "mine") evidence.claimed(id, claim.attempt);
          return result;
        });
      },
      async begin(id, begin) {
        const yes = await throughNetwork(() => ledger.begin(id, begin));
        if (yes) begun.set(intentOfAttempt.get(begin.attempt) ?? "", begin.attempt);
        return yes;
      },
      async settle(id, settlement) {
        // The timers of a dead worker still run. Its outcomes must not wait for a day.
        if (!worker.alive) return true;
        return throughNetwork(async () => {
          const yes = await ledger.settle(id, settlement);
          if (yes) evidence.ended(settlement.attempt, await ledger.find(id));
          return yes;
        });
      },
      find: (id) => throughNetwork(() => ledger.find(id)),
    };
    const engine = createChargeEngine({
      countRequest: () => () => {},
      clientId: "client-1",
      prices,
      readBalanceBefore: false,
      isPaused: async () => false,
      claim: createClaim(undefined, network),
      begin: createBegin(undefined, network),
      ledger: network,
      api: {
        getUser: async () => ({ status: "lost" }),
        postUsage: (token, { hundredths }) => (patch.post?.(post) ?? post)(token, hundredths / 100),
      },
      sendMs: DEADLINE_MS,
      now: patch.now?.(time.now) ?? time.now,
      newId: () => `attempt-${++attempts}`,
      emit: ({ type, chargeId }) => type === "settle_lost" && evidence.settleLost(chargeId),
    });
    const worker: Worker = {
      alive: true,
      sends: [],
      engine: { ...engine, charge: patch.charge?.(engine.charge) ?? engine.charge },
    };
    return worker;
  }

  const workers = [createWorker(), createWorker()];

  function askSignIn(worker: Worker): Promise<void> {
    return new Promise((reply) => {
      if (worker.alive) pending.push({ to: "sign-in", worker, reply });
    });
  }

  function ask(
    worker: Worker | undefined,
    intent: Wish | undefined,
    token: "works" | "fails" | "none",
  ): void {
    if (!intent || !worker) return;
    const no = asks.size + 1;
    const asked = { ...intent, no, since: evidence.asking() };
    asks.set(String(no), asked);
    const { usage, resource } = asked;
    const auth = authOf(asked, token, () => askSignIn(worker));
    worker.engine
      .charge({
        auth,
        request: new Request("https://app.example"),
        arrivedAt: time.now(),
        usage,
        resource,
        key: asked.key,
        shownCredits: shownTo(asked),
      })
      .then(
        () => evidence.answered(asked, "charged"),
        (error: unknown) => evidence.answered(asked, codeOf(error)),
      );
  }

  function read(worker: Worker | undefined, intent: Wish | undefined): void {
    if (!intent || !worker || !isReadable(intent)) return;
    const asked = { ...intent, no: 0, since: evidence.asking() };
    worker.engine.findByKey(intent.user, intent.key).then(
      async (row) => {
        const forgotten = row === null && (await worker.engine.mayHaveForgotten(intent.key));
        evidence.read(asked, forgotten ? "unknown" : chargeState(row).status);
      },
      () => {},
    );
  }

  /** A POST meets its fate at ARES, once. */
  function arrive(gate: Pending & { to: "ares" }, fate: number): void {
    if (gate.send.fate !== "open") return;
    const { status, deducts, reply } = fates(fate);
    gate.send.fate = status;
    gate.send.deducted = deducts;
    gate.reply = () => gate.answer(reply);
  }

  /** Lets one message arrive, and with `whole` its answer too. */
  async function deliver(at: number, fate: number, whole: boolean): Promise<void> {
    const gate = pending[at % Math.max(1, pending.length)];
    // Mostly slow: a sign-in that answers at once leaves no lease the time to end.
    if (!gate || (gate.to === "sign-in" && fate % 8 > 0)) return;
    if (gate.to === "ares") arrive(gate, fate);
    // Drivers re-send: an operation that has arrived may arrive once more. Then the later answer counts.
    if (gate.to === "ledger" && (!gate.reply || !whole)) await gate.apply();
    if (whole) {
      pending = pending.filter((each) => each !== gate);
      gate.reply?.();
    }
    await time.settle();
  }

  function failLedger(at: number): void {
    const gates = pending.flatMap((gate) => (gate.to === "ledger" ? [gate] : []));
    const gate = gates[at % Math.max(1, gates.length)];
    pending = pending.filter((each) => each !== gate);
    gate?.fail();
  }

  function crash(n: number): void {
    const worker = workers[n];
    if (!worker) return;
    worker.alive = false;
    for (const send of worker.sends) send.heard = false;
    // A request on its way to ARES may still arrive. A request on its way to the ledger has arrived, or never will.
    pending = pending.filter((gate) => gate.worker !== worker || gate.to === "ares");
    workers[n] = createWorker();
  }

  /** An operator looks into ARES's book, once no request can be on its way any more. */
  async function resolve(): Promise<void> {
    for (const row of await ledger.list({ status: "unknown" })) {
      const of = evidence.sends.filter(({ attempt }) => attempt === row.attempt);
      if (
        of.some(({ fate }) => fate === "open") ||
        pending.some((gate) => gate.to === "ares" && gate.send.attempt === row.attempt)
      )
        continue;
      const charged = of.some(({ deducted }) => deducted);
      await ledger.resolve(row.id, { to: charged ? "charged" : "declined", note: "ARES's book" });
      evidence.closed(row.attempt);
      evidence.ended(row.attempt, await ledger.find(row.id));
    }
  }

  async function comeToRest(): Promise<void> {
    do {
      await time.settle();
      while (pending.length > 0) await deliver(0, 0, true);
    } while (await time.next());
    time.jump(61_000);
  }

  // Most schedules are about two intents, so that their requests meet.
  const focus = steps[0] ?? 0;
  const wishes = focus % 41 === 40 ? reused : intents;

  async function take(step: number): Promise<void> {
    const kind = step % 100;
    const n = Math.floor(step / 100) % 64;
    const m = Math.floor(step / 6400) % 64;
    const worker = workers[n % 2];
    const intent = wishes[(m < 56 ? focus + (m % 2) : m) % wishes.length];
    const wait = waits[m % waits.length] ?? 1;
    /** What a step does: the first row whose number is above the step's kind. */
    const acts: readonly [below: number, act: () => unknown][] = [
      [22, () => ask(worker, intent, tokenOf(n))],
      [28, () => read(worker, intent)],
      [66, () => deliver(n, m, true)],
      [76, () => deliver(n, m, false)],
      [81, () => failLedger(n)],
      [84, () => crash(n % 2)],
      [91, () => time.advance(wait)],
      [95, () => time.jump(wait)],
      [97, () => time.fire()],
      [99, () => resolve()],
      [100, () => time.advance(m % 8 === 0 ? 4 * DAY : DAY)],
    ];
    await acts.find(([below]) => kind < below)?.[1]();
    await time.settle();
  }

  for (const step of steps) {
    await take(step);
    if (evidence.violations.length > 0) return evidence.violations;
  }

  await comeToRest();
  evidence.compare(await ledger.list({ limit: 1_000 }));
  // Every user asks once more. No answer may contradict the book.
  const asked = new Map(
    [...asks.values()]
      .filter(({ wrongPrice }) => !wrongPrice)
      .map((each) => [intentOf(each), each]),
  );
  for (const again of asked.values()) ask(workers[0], again, "works");
  await comeToRest();
  evidence.compare(await ledger.list({ limit: 1_000 }));
  return evidence.violations;
}

/** What becomes of the token of most requests, of some, and of a few. */
function tokenOf(n: number): "works" | "fails" | "none" {
  if (n < 56) return "works";
  return n < 60 ? "fails" : "none";
}
