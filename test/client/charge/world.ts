import type { Answer } from "../../../src/client/answer";
import { next } from "../../../src/client/charge/next";
import type { Charge, Event, Facts } from "../../../src/client/charge/states";
import { AresError } from "../../../src/contract";

/**
 * One user with one intent in some tabs, in front of one server. The network loses requests and answers.
 * The walk tries every possible move in every reachable world. A law that holds here holds for all orders of events.
 *
 * Times are two: a charge was sent just now, or more than 30 seconds ago. Requests arrive within that time, or never.
 */
export interface World {
  tabs: readonly Tab[];
  posts: readonly Post[];
  /** What the server knows of each key. */
  rows: Readonly<Record<string, Row>>;
  /** The key whose row is the resource's. */
  latest?: string | undefined;
  /** The storage that the tabs share. */
  stored: Readonly<Record<string, Entry>>;
  /** The keys that ARES took credits for, once for each time. */
  deducted: readonly string[];
  /** The tabs that sent a key. */
  senders: Readonly<Record<string, readonly number[]>>;
  /** The keys that were refused for good. */
  ended: readonly string[];
  /** The keys that are older than the ledger: a ledger never takes such a key later. */
  tooOld: readonly string[];
  /** Whether the user has seen their unlock: then they stop pressing. */
  shown: boolean;
  used: Readonly<Record<keyof Limits, number>>;
}

export interface Tab {
  charge: Charge;
  /** What the runner has on its way for the state of now. */
  tasks: readonly Task[];
  delivered: readonly string[];
  /** The key whose outcome another tab told, not heard yet. */
  news?: string | undefined;
  /** True from the moment the outcome of its key is unknown until it is known or given up. */
  doubts: boolean;
}

export type Task =
  | { type: "turn" | "token" | "late" | "due" | "ask" }
  /** The server looked. `sends`: how often its key had been sent when that was asked. `old`: all of it more than 30 seconds ago. */
  | { type: "answered"; found: Found; own?: Found | undefined; old: boolean; sends: number };

/** The row that an answer names, with the key that stands in the row. */
interface Found {
  status: Row | "absent";
  key?: string | undefined;
}

export interface Post {
  tab: number;
  key: string;
  again: boolean;
  way: "going" | "lost" | "there" | "done";
  /** False when the page hears no answer any more. */
  open: boolean;
  outcome?: Outcome | undefined;
}

interface Entry {
  sent: boolean;
  sends: number;
  paid: boolean;
  /** The tab that stored it, while the others can't see it yet. */
  unseen?: number | undefined;
}

type Row = "sending" | "charged" | "declined" | "unknown";
/**
 * `turned away`: nothing was begun, and the same key may come again. `expired`: the server takes this key no longer.
 * `too old`: the ledger is new, and takes no key that is older than itself.
 */
type Outcome = Row | "turned away" | "expired" | "too old";

/** How often each may happen, so that the walk ends. */
export interface Limits {
  presses: number;
  keys: number;
  posts: number;
  resets: number;
  reloads: number;
  /** Lost reads, broken lines, failed tokens, offline presses, answers that nothing was begun. */
  faults: number;
  /** The user's other moves: a check, a return to the page or the gate, a reset. */
  acts: number;
}

export interface Setting {
  tabs: number;
  /** True: this kit's handler. False: the guide's route, which deducts for every POST and can't tell a charge's state. */
  contract: boolean;
  resource?: string | undefined;
  /** A gate shows a paid charge at once, which delivers it. Otherwise somebody takes its receipt at some time, or never. */
  gates: boolean;
  limits: Limits;
}

/** What a mutant may spoil. */
export interface Rules {
  decide: (charge: Charge, event: Event, facts: Facts) => Charge;
  /** The key is stored before anything is sent. */
  saves: boolean;
  /** A turn waits until what another tab stored is seen. */
  locks: boolean;
  /** A new gate and a turn look for a key that another tab or page stored. */
  looks: boolean;
  /** When a key was last sent is read from storage, where another tab may have sent it again. */
  shares: boolean;
  /** After a resource's declined row, or none, the key's own row is asked for. */
  owns: boolean;
}

export const rules: Rules = {
  decide: next,
  saves: true,
  locks: true,
  looks: true,
  shares: true,
  owns: true,
};

const keyOf = (name: string, sent = false) => ({
  key: name,
  usage: "export",
  at: 0,
  ...(sent && { sent }),
});
const noToken = new AresError("auth_unavailable", "", { retryable: true });
const json = (status: number, body: Answer["body"], contract: boolean): Answer => ({
  status,
  ok: status < 300,
  contract,
  body,
});
/** Whether the user is told that nobody knows. */
const isDoubted = (charge: Charge) => "doubt" in charge && charge.doubt !== undefined;

/** A short name for a row that was read. */
export const nameOfFound = (found: Found | undefined) =>
  found ? [found.status, found.key].filter(Boolean).join(" ") : "";

export class Broken extends Error {}

/** The moves of a world: what may happen next, and the world after that. */
export function createMoves(
  { tabs: count, contract, resource, gates, limits }: Setting,
  { decide, saves, locks, looks, shares, owns }: Rules,
) {
  const facts: Facts = { usage: "export", resource, now: 0 };
  const numbers = Array.from({ length: count }, (_, index) => index);

  const start: World = {
    tabs: numbers.map(() => ({
      charge: { step: 0, status: "idle" },
      tasks: [],
      delivered: [],
      doubts: false,
    })),
    posts: [],
    rows: {},
    stored: {},
    deducted: [],
    senders: {},
    ended: [],
    tooOld: [],
    shown: false,
    used: { presses: 0, keys: 0, posts: 0, resets: 0, reloads: 0, faults: 0, acts: 0 },
  };

  const use = (world: World, what: keyof Limits): World =>
    limits[what] === Number.POSITIVE_INFINITY
      ? world
      : { ...world, used: { ...world.used, [what]: world.used[what] + 1 } };
  const fault = (world: World) => use(world, "faults");
  const may = (world: World, what: keyof Limits) => world.used[what] < limits[what];

  function setTab(world: World, number: number, change: Partial<Tab>): World {
    return {
      ...world,
      tabs: world.tabs.map((tab, index) => (index === number ? { ...tab, ...change } : tab)),
    };
  }

  function setPost(world: World, post: Post, change: Partial<Post>): World {
    const changed = { ...post, ...change };
    // A POST that neither travels nor is heard changes nothing any more.
    const ended = !changed.open && (changed.way === "lost" || changed.way === "done");
    return {
      ...world,
      posts: world.posts.flatMap((other) => (other !== post ? other : ended ? [] : changed)),
    };
  }

  /** One step of a tab, as `run.ts` makes it: the decision, the storage, then what the entered state asks for. */
  function send(before: World, number: number, event: Event): World {
    const tab = before.tabs[number];
    if (!tab) return before;
    const from = tab.charge;
    const to = decide(from, event, facts);
    if (to === from) return before;
    let world = store(before, number, from, to, event);
    const settled =
      to.status === "charged"
        ? to.pending?.key
        : to.status === "refused" && !to.pending
          ? from.pending?.key
          : undefined;
    const isNew = to.step !== from.step;
    const doubts =
      isDoubted(to) || (tab.doubts && !["charged", "refused", "idle"].includes(to.status));
    world = setTab(world, number, { charge: to, tasks: isNew ? tasksOf(to) : tab.tasks, doubts });
    if (isNew && settled && to.status === "refused")
      world = { ...world, ended: [...world.ended, settled] };
    if (from.status === "posted" && to.status === "queued")
      world = { ...world, ended: [...world.ended, from.pending.key] };
    if (isNew && settled)
      for (const other of numbers)
        if (other !== number) world = setTab(world, other, { news: settled });
    try {
      if (isNew && to.status === "posted")
        world = post(world, number, to.pending.key, to.again, tab.doubts);
      check(world, number, from, to, event);
    } catch (error) {
      throw error instanceof Broken
        ? new Broken(error.message, { cause: `${number}: ${event.type}` })
        : error;
    }
    if (to.status !== "charged") return world;
    if (!world.shown) world = { ...world, shown: true };
    return gates && to.pending ? send(world, number, { type: "delivered" }) : world;
  }

  function store(
    world: World,
    number: number,
    { status, pending: before }: Charge,
    { pending }: Charge,
    event: Event,
  ): World {
    const orphan = "orphan" in event ? event.orphan : undefined;
    if (pending === before) return world;
    const stored = { ...world.stored };
    if (saves && pending && pending !== before && pending !== orphan) {
      const entry = stored[pending.key];
      const sends = (entry?.sends ?? 0) + (event.type === "token" ? 1 : 0);
      const unseen = entry ? entry.unseen : count > 1 ? number : undefined;
      stored[pending.key] = { sent: pending.sent === true, sends, paid: false, unseen };
    }
    if (!before || before.key === pending?.key) return { ...world, stored };
    if (status !== "charged") {
      delete stored[before.key];
      return { ...world, stored };
    }
    const entry = stored[before.key] ?? { sent: true, sends: 0 };
    stored[before.key] = { ...entry, paid: true };
    const delivered = [...(world.tabs[number]?.delivered ?? []), before.key];
    return setTab({ ...world, stored }, number, { delivered });
  }

  function tasksOf(charge: Charge): Task[] {
    if (charge.reading) return [{ type: "ask" }];
    if (charge.status === "watching" || charge.status === "asking") return [{ type: "due" }];
    if (charge.status === "queued") return [{ type: "turn" }];
    if (charge.status === "stored") return [{ type: "token" }];
    return charge.status === "posted" ? [{ type: "late" }] : [];
  }

  function post(world: World, tab: number, key: string, again: boolean, doubted: boolean): World {
    if (world.stored[key]?.sent !== true)
      throw new Broken("A POST left before its key was stored as sent.");
    if (world.posts.some((other) => other.open && other.tab === tab && other.key === key))
      throw new Broken("Two POSTs of one key are out.");
    if (doubted) throw new Broken("A POST followed from unknown.");
    const others = Object.keys(world.senders).filter(
      (other) => other !== key && !world.ended.includes(other),
    );
    if (others.length && !world.shown && !world.used.resets)
      throw new Broken("A second key was sent for one intent.");
    const senders = {
      ...world.senders,
      [key]: [...new Set([...(world.senders[key] ?? []), tab])].sort(),
    };
    return use(
      { ...world, senders, posts: [...world.posts, { tab, key, again, way: "going", open: true }] },
      "posts",
    );
  }

  function check(world: World, number: number, from: Charge, to: Charge, event: Event): void {
    const key = from.pending?.key;
    if (from.status === "charged" && to.status !== "charged" && event.type !== "reset")
      throw new Broken("A charged charge was taken back.");
    if (to.status === "charged" && from.status !== "charged") {
      const paid =
        resource === undefined
          ? world.deducted.includes(to.receipt.key ?? "")
          : world.deducted.length > 0;
      if (!paid) throw new Broken("Unlocked what was not paid.");
    }
    if (to.status === "refused" && key && !(from.status === "refused" && from.error === to.error)) {
      // A read speaks of the key. Everything else speaks of what this tab sent: another tab that sends the same key tells of it.
      const others =
        event.type !== "read" && (world.senders[key] ?? []).some((sender) => sender !== number);
      const settled = contract && world.rows[key] === "declined";
      const asked = settled
        ? []
        : world.posts.filter((sent) => sent.key === key && (!others || sent.tab === number));
      if (!others && world.deducted.includes(key)) throw new Broken("Called not charged, and was.");
      if (asked.some(({ way }) => way === "going" || way === "there"))
        throw new Broken("Called not charged, and may still be.");
    }
    const { tasks } = world.tabs[number] ?? { tasks: [] };
    const waits =
      to.reading || ["asking", "queued", "stored", "posted", "watching"].includes(to.status);
    if (waits && !tasks.length) throw new Broken(`Stuck in ${to.status}.`);
  }

  /** A stored key that a page can see and has neither held nor delivered. */
  function findOrphan(world: World, number: number, paid: boolean) {
    const tab = world.tabs[number];
    const names = Object.keys(world.stored).filter((name) => {
      const { unseen = number, paid: isPaid } = world.stored[name] ?? { paid: true };
      return (
        unseen === number &&
        name !== tab?.charge.pending?.key &&
        !tab?.delivered.includes(name) &&
        (paid || !isPaid)
      );
    });
    const [name] = names;
    return name === undefined || !looks ? undefined : keyOf(name, world.stored[name]?.sent);
  }

  function* movesOf(world: World, number: number): Generator<[string, World]> {
    const tab = world.tabs[number];
    if (!tab) return;
    const { charge, tasks } = tab;
    const { step } = charge;
    const take = (event: Event, from = world) => send(from, number, event);
    /** What the user does, where that does anything. */
    const act = function* (label: string, from: World, event: Event): Generator<[string, World]> {
      const after = take(event, from);
      if (after !== from) yield [label, after];
    };

    if (!world.shown && may(world, "presses")) {
      yield* act("press", use(world, "presses"), { type: "press", credits: 1, online: true });
      if (may(world, "faults"))
        yield* act("press offline", fault(use(world, "presses")), {
          type: "press",
          credits: 1,
          online: false,
        });
    }
    for (const task of tasks) {
      const without = setTab(world, number, { tasks: tasks.filter((other) => other !== task) });
      switch (task.type) {
        case "turn": {
          const hidden = Object.values(world.stored).some(
            ({ unseen = number }) => unseen !== number,
          );
          const orphan = findOrphan(world, number, true);
          const mints = !charge.pending && !orphan;
          if ((locks && hidden) || (mints && !may(world, "keys"))) break;
          const fresh = keyOf(`k${world.used.keys + 1}`);
          yield [
            "turn",
            take({ type: "turn", step, orphan, fresh }, mints ? use(world, "keys") : world),
          ];
          if (may(world, "faults"))
            yield [
              "turn without a first answer",
              take({ type: "turn", step, orphan, fresh, error: noToken }, fault(world)),
            ];
          break;
        }
        case "token":
          if (may(world, "posts")) yield ["token", take({ type: "token", step, error: undefined })];
          if (may(world, "faults"))
            yield ["no token", take({ type: "token", step, error: noToken }, fault(world))];
          break;
        case "late":
          yield ["late", take({ type: "late", step })];
          break;
        case "due":
          // The wait is short, or ends the minute.
          for (const wait of [0, 60_000]) {
            if (charge.status !== "watching" && charge.status !== "asking") break;
            yield [
              `due ${wait}`,
              take(
                { type: "due", step, online: true },
                setTab(without, number, { charge: { ...charge, wait } }),
              ),
            ];
          }
          break;
        case "ask":
          if (may(world, "faults"))
            yield [
              "read lost",
              take(
                {
                  type: "read",
                  step,
                  answer: undefined,
                  rowless: false,
                  asked: 0,
                  sentAt: 0,
                  shownElsewhere: false,
                },
                fault(world),
              ),
            ];
          yield* look(without, number);
          break;
        case "answered":
          yield* arrive(without, number, task);
      }
    }
    if (tab.news !== undefined) {
      const heard = setTab(world, number, { news: undefined });
      const told = charge.pending ? charge.pending.key === tab.news : resource !== undefined;
      yield ["told", told ? take({ type: "check" }, heard) : heard];
    }
    if (!gates) yield ["delivered", take({ type: "delivered" })];
    if (may(world, "acts")) {
      const acted = use(world, "acts");
      yield* act("woken", acted, { type: "woken" });
      yield* act("kept", acted, { type: "woken", old: true });
      yield* act("check", acted, { type: "check" });
      yield* act("shown", acted, { type: "shown", orphan: findOrphan(world, number, false) });
      if (!isDoubted(charge)) yield* act("reset", acted, { type: "reset" });
    }
    if (isDoubted(charge) && may(world, "resets"))
      yield ["start over", take({ type: "reset" }, use(world, "resets"))];
    if (may(world, "reloads")) yield ["reload", reload(use(world, "reloads"), number)];
  }

  /** The page is gone with all it waited for, and another one opens. */
  function reload(world: World, number: number): World {
    let left = setTab(world, number, {
      charge: { step: 0, status: "idle" },
      tasks: [],
      delivered: [],
      news: undefined,
      doubts: false,
    });
    for (const sent of world.posts)
      if (sent.tab === number) left = setPost(left, sent, { open: false });
    return send(left, number, { type: "shown", orphan: findOrphan(left, number, false) });
  }

  /** The server answers a read: for the resource, and when that has no open row for the key. */
  function* look(world: World, number: number): Generator<[string, World]> {
    const key = world.tabs[number]?.charge.pending?.key;
    const row = (name: string | undefined): Found => {
      const status = name === undefined ? undefined : world.rows[name];
      return status ? { status, key: name } : { status: "absent" };
    };
    const found = row(resource === undefined ? key : world.latest);
    const ended = found.status === "absent" || found.status === "declined";
    const own = owns && resource !== undefined && key && ended ? row(key) : undefined;
    const sends = (key && world.stored[key]?.sends) || 0;
    // A token takes no 30 seconds, so a key that waits for its first one is young.
    const isYoung = world.tabs.some(
      ({ charge }) =>
        charge.status === "stored" && charge.pending.key === key && !charge.pending.sent,
    );
    const travels = isYoung || world.posts.some((sent) => sent.key === key && sent.way === "going");
    for (const old of travels ? [false] : [false, true])
      yield [
        `read ${nameOfFound(found)} ${nameOfFound(own)} ${old}`,
        setTab(world, number, { tasks: [{ type: "answered", found, own, old, sends }] }),
      ];
  }

  function* arrive(
    world: World,
    number: number,
    { found, own, old, sends }: Task & { type: "answered" },
  ): Generator<[string, World]> {
    const { charge } = world.tabs[number] ?? {};
    if (!charge) return;
    const resent = shares && (world.stored[charge.pending?.key ?? ""]?.sends ?? sends) !== sends;
    const { status, key } = own ?? found;
    const body = contract
      ? {
          charge: { status, key, code: status === "declined" ? "insufficient_credits" : undefined },
        }
      : { user: { credits: 9 } };
    const answer = json(200, body, contract);
    const sentAt = old && !resent ? -40_000 : 0;
    const event: Event = {
      type: "read",
      step: charge.step,
      answer,
      rowless: own !== undefined,
      asked: 0,
      sentAt,
      shownElsewhere: false,
    };
    yield ["read arrives", send(world, number, event)];
  }

  function answerTo(outcome: Outcome | undefined): Answer {
    switch (outcome) {
      case "charged":
        return json(
          200,
          contract
            ? { message: "Success", status: "charged", charge: { status: "charged" } }
            : { message: "Success" },
          contract,
        );
      case "sending":
        return json(409, { code: "charge_in_progress", retryable: true }, contract);
      case "declined":
        return json(
          402,
          contract ? { code: "insufficient_credits" } : { error: "ARES API error: 402" },
          contract,
        );
      case "turned away":
        return contract
          ? json(503, { code: "ledger_unavailable", retryable: true }, true)
          : json(429, { error: "Too many requests" }, false);
      case "too old":
        return json(409, { code: "ledger_reset" }, contract);
      case "expired":
        return json(400, { code: "idempotency_key_expired" }, contract);
      default:
        return contract
          ? json(409, { code: "outcome_unknown" }, true)
          : json(500, { error: "ARES API error" }, false);
    }
  }

  /** A key takes a resource's declined row over: the key that was declined has no row any more. */
  function kept({ rows, latest = "" }: World): World["rows"] {
    const { [latest]: _, ...others } = rows;
    return contract && resource !== undefined ? others : rows;
  }

  function* movesOfPost(world: World, sent: Post): Generator<[string, World]> {
    const { tab, key, way, open } = sent;
    if (way === "going") {
      if (may(world, "faults"))
        yield ["never arrives", setPost(fault(world), sent, { way: "lost" })];
      const row = contract
        ? (world.rows[key] ??
          (resource === undefined || !world.latest ? undefined : world.rows[world.latest]))
        : undefined;
      const meets = row && (row !== "declined" || world.rows[key]) ? row : undefined;
      const isOld = world.tooOld.includes(key);
      if (meets) yield ["meets its row", setPost(world, sent, { way: "done", outcome: meets })];
      else if (!isOld)
        yield [
          "arrives",
          {
            ...setPost(world, sent, { way: "there" }),
            rows: { ...kept(world), [key]: "sending" },
            latest: key,
          },
        ];
      if (!meets && may(world, "faults"))
        yield [
          "is turned away",
          setPost(fault(world), sent, { way: "done", outcome: "turned away" }),
        ];
      if (contract && sent.again && may(world, "faults"))
        yield ["comes too late", setPost(fault(world), sent, { way: "done", outcome: "expired" })];
      if (contract && !meets && (isOld || may(world, "faults"))) {
        const after = setPost(isOld ? world : fault(world), sent, {
          way: "done",
          outcome: "too old",
        });
        yield [
          "is older than the ledger",
          { ...after, tooOld: [...new Set([...world.tooOld, key])] },
        ];
      }
    }
    if (way === "there") {
      for (const [outcome, takes] of [
        ["charged", true],
        ["declined", false],
        ["unknown", true],
        ["unknown", false],
      ] as const) {
        const deducted = takes ? [...world.deducted, key] : world.deducted;
        if (takes && world.ended.includes(key)) throw new Broken("Called not charged, and was.");
        if (deducted.length > 1 + (contract && resource !== undefined ? 0 : world.used.resets))
          throw new Broken("Deducted twice.");
        yield [
          outcome + (takes ? ", taken" : ""),
          {
            ...setPost(world, sent, { way: "done", outcome }),
            rows: { ...world.rows, [key]: outcome },
            deducted,
          },
        ];
      }
    }
    if (!open) return;
    const closed = setPost(world, sent, { open: false });
    const full = keyOf(key, true);
    if (may(world, "faults"))
      yield ["breaks", send(fault(closed), tab, { type: "broken", pending: full })];
    if (way !== "done") return;
    const delivered = world.tabs[tab]?.delivered.includes(key) ?? false;
    yield [
      "answer",
      send(closed, tab, {
        type: "answer",
        pending: full,
        again: sent.again,
        delivered,
        shownElsewhere: false,
        answer: answerTo(sent.outcome),
      }),
    ];
  }

  function* moves(world: World): Generator<[string, World]> {
    for (const number of numbers) {
      for (const [label, after] of movesOf(world, number))
        yield [count > 1 ? `${number}: ${label}` : label, after];
    }
    for (const sent of world.posts) {
      for (const [label, after] of movesOfPost(world, sent))
        yield [`POST ${sent.key} ${label}`, after];
    }
    for (const [key, row] of Object.entries(world.rows)) {
      if (contract && row === "unknown" && !world.deducted.includes(key))
        yield [`operator ends ${key}`, { ...world, rows: { ...world.rows, [key]: "declined" } }];
    }
    const entries = Object.entries(world.stored);
    if (entries.some(([, { unseen }]) => unseen !== undefined))
      yield [
        "storage is seen",
        {
          ...world,
          stored: Object.fromEntries(
            entries.map(([key, entry]) => [key, { ...entry, unseen: undefined }]),
          ),
        },
      ];
    // A paid key stays for a second: longer than word of it takes, and than a turn does.
    if (
      entries.some(([, { paid }]) => paid) &&
      world.tabs.every(({ news, charge }) => news === undefined && charge.status !== "queued")
    )
      yield [
        "paid keys go",
        { ...world, stored: Object.fromEntries(entries.filter(([, { paid }]) => !paid)) },
      ];
  }

  return { start, moves };
}
