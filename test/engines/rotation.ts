import { createClient } from "@libsql/client";
import { Client } from "pg";
import * as z from "zod/mini";
import { type Fleet, startFleet } from "../../src/cli/prove/startFleet";
import { startService } from "../../src/cli/prove/startService";
import { pause } from "../ledgers/engines";
import { takeBuild } from "./buildUnderTest";
import { type Cause, groupBy, type Refresh, whyLinksEnded } from "./rotationJudge";
import { type EngineChoice, openTokens } from "./services/openTokens.mjs";

export interface Rotation {
  engine: EngineChoice;
  /** Who renews: this package, or a control. */
  way?: "together" | "each by itself" | "claims are forgotten";
  users: number;
  /** The trial ends after so many refreshes. */
  refreshes: number;
  kills: number;
  freezes: number;
  /** How often nobody can write to the store, for as long as a freeze. */
  locks?: number;
  lostReplies: number;
}

export interface RotationVerdict {
  figures: Record<
    "refreshes" | "lost" | "killed" | "frozen" | "links" | "reconnects" | "seconds",
    number
  >;
  /** The number of links that ended for each cause. */
  ended: Record<Cause, number>;
  /** Links that ended for no cause, each with its refreshes. */
  unexplained: string[];
  /** Times that a user was sent to reconnect, without a link that had ended. */
  reconnectsInVain: number;
  /** Tokens that were given to another user than theirs. */
  ofAnotherUser: number;
}

/** So many servers are asked for a user's token at once. */
const AT_ONCE = 3;
const TOKEN_S = 2;
/** How long the provider takes: what is killed or frozen is often in the middle of a refresh. */
const LATENCY_MS = 100;
/** Longer than a server's request counts as under way. */
const FREEZE_MS = 31_000;
/** A server that was just killed or frozen says nothing. */
const ANSWER_MS = 15_000;
/** After this time every request that was under way counts as lost, and was repeated. */
const AT_REST_MS = 90_000;
/** How often a user's servers need the token. */
const USE_MS = 500;

const client = {
  id: "engines-app",
  secret: "engines-secret",
  redirectUri: "https://app.example/api/ares/connect/callback",
};

const Book = z.object({
  refreshes: z.array(
    z.object({
      user: z.string(),
      link: z.string(),
      token: z.number(),
      server: z.number(),
      at: z.number(),
      answeredAt: z.number(),
      ok: z.boolean(),
      lost: z.boolean(),
      late: z.boolean(),
    }),
  ),
  slowWrites: z.array(z.object({ server: z.number(), from: z.number(), to: z.number() })),
  owners: z.record(z.string(), z.string()),
});

const Given = z.object({ token: z.optional(z.nullable(z.string())), code: z.optional(z.string()) });
type Given = z.infer<typeof Given>;

/** Lets many users' tokens end again and again before four servers, on a bad day, and asks why each link ended. */
export async function runRotation(trial: Rotation): Promise<RotationVerdict> {
  const { engine, way = "together", users: count } = trial;
  const began = Date.now();
  const build = takeBuild();
  const oidc = await startService(build.service("oidc"), {
    client,
    tokenSeconds: TOKEN_S,
    latencyMs: LATENCY_MS,
  });
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  const setup = { oidc: oidc.url, client, secret, engine, way };
  await setUpTokens(engine);
  const fleet = await startFleet(build.service("rotator"), setup);
  try {
    const given: { user: string; token: string }[] = [];
    const reconnects: string[] = [];
    const users = Array.from({ length: count }, (_, n) => `user-${n}`);

    /** Asks several servers at once. True once one has given a token. */
    async function use(user: string, servers: number): Promise<boolean> {
      const urls = shuffled(fleet.urls()).slice(0, servers);
      const answers = await Promise.all(urls.map((url) => ask(url, user)));
      const tokens = answers.flatMap(({ token }) => token ?? []);
      given.push(...tokens.map((token) => ({ user, token })));
      if (answers.some(({ code }) => code === "reconnect")) {
        reconnects.push(user);
        await connect(fleet, user);
      }
      return tokens.length > 0;
    }

    await inTens(users, (user) => connect(fleet, user));
    await get(`${oidc.url}/__lose?share=${trial.lostReplies}`);
    const disturber = disturb(trial, fleet);
    const work = users.map(async (user) => {
      while (!disturber.isOver()) {
        await use(user, AT_ONCE);
        await pause(USE_MS * (0.5 + Math.random()));
      }
    });
    while (!disturber.isOver()) {
      disturber.progress(Number(await (await get(`${oidc.url}/__count`)).text()));
      await pause(50);
    }
    await Promise.all(work);
    await disturber.done();
    await get(`${oidc.url}/__lose?share=0`);
    await untilAtRest(users, (user) => use(user, 1));

    const { refreshes, slowWrites, owners } = Book.parse(
      await (await get(`${oidc.url}/__book`)).json(),
    );
    const { counts, unexplained } = whyLinksEnded(refreshes, fleet.harms, slowWrites);
    const harms = (what: string) => fleet.harms.filter((each) => each.what === what).length;
    return {
      figures: {
        refreshes: refreshes.filter(({ ok }) => ok).length,
        lost: refreshes.filter(({ lost }) => lost).length,
        killed: harms("killed"),
        frozen: harms("frozen"),
        links: new Set(refreshes.map(({ link }) => link)).size,
        reconnects: reconnects.length,
        seconds: Math.round((Date.now() - began) / 1000),
      },
      ended: counts,
      unexplained,
      reconnectsInVain: inVain(reconnects, refreshes),
      ofAnotherUser: given.filter(({ user, token }) => owners[token] !== user).length,
    };
  } finally {
    await Promise.all([fleet.stop(), oidc.kill()]);
    build.remove();
  }
}

/** Before four servers start at once. */
async function setUpTokens(engine: EngineChoice): Promise<void> {
  const { close } = await openTokens(engine);
  await close();
}

/** How often a user was sent to reconnect more than once a link that ended. */
function inVain(reconnects: readonly string[], refreshes: readonly Refresh[]): number {
  const ended = groupBy(
    refreshes.filter(({ ok }) => !ok),
    ({ user }) => user,
  );
  return [...groupBy(reconnects, (user) => user)]
    .map(([user, times]) => times.length - new Set(ended.get(user)?.map(({ link }) => link)).size)
    .filter((more) => more > 0)
    .reduce((sum, more) => sum + more, 0);
}

/** Kills and freezes servers, spread evenly over the refreshes. What lasts begins early. */
function disturb({ refreshes, kills, freezes, locks = 0, engine }: Rotation, fleet: Fleet) {
  const steps = [
    ...Array.from({ length: kills }, (_, n) => ({
      at: (n + 1) / (kills + 1),
      run: () => fleet.killOne(),
    })),
    ...Array.from({ length: freezes }, (_, n) => ({
      at: (n + 0.2) / freezes,
      run: () => fleet.freezeOne(FREEZE_MS),
    })),
    ...Array.from({ length: locks }, (_, n) => ({
      at: (n + 0.3) / locks,
      run: () => lockTokens(engine, FREEZE_MS),
    })),
  ].toSorted((one, other) => one.at - other.at);
  const under: Promise<void>[] = [];
  let isOver = false;
  return {
    progress(done: number) {
      isOver = done >= refreshes;
      for (let [next] = steps; next && done >= next.at * refreshes; [next] = steps) {
        steps.shift();
        under.push(next.run());
      }
    },
    isOver: () => isOver,
    done: () => Promise.all(under),
  };
}

/** Lets nobody write tokens for a while, as a process that stands still in the middle of its write does. */
function lockTokens({ on, file, port = 0 }: EngineChoice, ms: number): Promise<void> {
  switch (on) {
    case "sqlite":
      return lockFile(`file:${file}`, ms);
    case "postgres":
      return lockTable(port, ms);
    case "redis":
      throw new Error("Redis has no lock that outlives a script.");
  }
}

async function lockFile(url: string, ms: number): Promise<void> {
  const client = createClient({ url, timeout: ANSWER_MS });
  try {
    const transaction = await client.transaction("write");
    await pause(ms);
    await transaction.rollback();
  } finally {
    client.close();
  }
}

async function lockTable(port: number, ms: number): Promise<void> {
  const client = new Client({ host: "127.0.0.1", port, user: "ares", database: "postgres" });
  await client.connect();
  try {
    await client.query("BEGIN");
    await client.query("LOCK TABLE ares_tokens IN EXCLUSIVE MODE");
    await pause(ms);
    await client.query("ROLLBACK");
  } finally {
    await client.end();
  }
}

/** Asks for each user until there is a token: what was under way has then ended, or was repeated. */
async function untilAtRest(
  users: readonly string[],
  use: (user: string) => Promise<boolean>,
): Promise<void> {
  const giveUpAt = Date.now() + AT_REST_MS;
  await Promise.all(
    users.map(async (user) => {
      while (!(await use(user))) {
        if (Date.now() > giveUpAt) throw new Error(`${user} got no token for too long.`);
        await pause(USE_MS);
      }
    }),
  );
}

async function ask(url: string, user: string): Promise<Given> {
  try {
    return Given.parse(await (await get(`${url}/token?user=${user}`)).json());
  } catch {
    return {};
  }
}

/** A browser presses "Connect ARES", signs in at the provider, and comes back, until it worked: servers may be killed meanwhile. */
async function connect(fleet: Fleet, user: string): Promise<void> {
  let last: unknown;
  for (let tries = 0; tries < 20; tries++) {
    try {
      const [url = ""] = shuffled(fleet.urls());
      return await connectAt(url, user);
    } catch (error) {
      last = error;
      await pause(USE_MS);
    }
  }
  throw new Error(`${user} could not connect.`, { cause: last });
}

async function connectAt(url: string, user: string): Promise<void> {
  const path = new URL(client.redirectUri).pathname;
  const start = await get(`${url}${path.replace("/callback", "")}`, { "x-user": user });
  const consent = new URL(start.headers.get("Location") ?? "");
  consent.searchParams.set("login_hint", user);

  const cookies = new Map<string, string>();
  let address = consent.href;
  while (!address.startsWith(client.redirectUri)) {
    const answer = await get(address, { Cookie: cookieHeader(cookies) });
    for (const [name, value] of cookiesOf(answer)) cookies.set(name, value);
    const next = answer.headers.get("Location");
    if (next === null) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
    address = new URL(next, address).href;
  }
  const back = await get(`${url}${path}${new URL(address).search}`, {
    "x-user": user,
    Cookie: cookieHeader(new Map(cookiesOf(start))),
  });
  if (back.status !== 303) throw new Error(`${back.status} ${await back.text()}`);
}

function cookiesOf(answer: Response): [string, string][] {
  return answer.headers.getSetCookie().map((line) => {
    const [pair = ""] = line.split(";");
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
}

function cookieHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  return fetch(url, { headers, redirect: "manual", signal });
}

async function inTens<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += 10)
    await Promise.all(all.slice(from, from + 10).map(work));
}

function shuffled<T>(all: readonly T[]): T[] {
  return all
    .map((each) => ({ each, order: Math.random() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ each }) => each);
}
