import { setTimeout as pause } from "node:timers/promises";
import type { Death, Moment } from "./moments";
import { type Program, type Service, startService } from "./startService";

/** What was done to a server. */
export interface Harm {
  server: number;
  what: "killed" | "frozen";
  from: number;
  /** A killed server does not come back: what it has sent may still arrive, and nobody hears the answer. */
  to: number;
}

/** The servers of one app, without a load balancer: a customer asks any of them. */
export interface Fleet {
  /** The addresses to ask now. A server that was just killed is still in the list, as in any load balancer; a frozen one is not. */
  urls(): string[];
  /** Kills one server in the middle of its work, or at its next such moment, and starts another in its place. */
  killOne(moment?: Moment): Promise<void>;
  readonly kills: number;
  /** The charges that servers were killed over at such a moment. */
  readonly deaths: readonly Death[];
  /** Freezes one server in the middle of its work, for so many milliseconds. */
  freezeOne(ms: number): Promise<void>;
  /** What was done to the servers so far. */
  readonly harms: readonly Harm[];
  stop(): Promise<void>;
}

/** A server that meets no such moment is killed where it stands. */
const MOMENT_MS = 3_000;

export async function startFleet(program: Program, setup: object, size = 4): Promise<Fleet> {
  const starting = Array.from({ length: size }, () => startService(program, setup));
  const servers = await Promise.all(starting).catch(async (error: unknown) => {
    for (const started of await Promise.allSettled(starting))
      if (started.status === "fulfilled") await started.value.kill();
    throw error;
  });
  const restarts = new Set<Promise<void>>();
  const frozen = new Set<Service>();
  const harms: Harm[] = [];
  const deaths: Death[] = [];
  let kills = 0;

  async function restart(at: number, server: Service, moment?: Moment): Promise<void> {
    const death = moment && (await server.dieAt(moment, MOMENT_MS));
    if (death) deaths.push(death);
    harms.push({ server: server.pid, what: "killed", from: Date.now(), to: Infinity });
    await server.kill();
    servers[at] = await startService(program, setup);
  }

  return {
    urls: () => servers.filter((server) => !frozen.has(server)).map(({ url }) => url),
    async killOne(moment) {
      const order = servers.map((_, n) => (kills + n) % size);
      const at = order.find((n) => servers[n] && !frozen.has(servers[n])) ?? 0;
      const server = servers[at];
      if (!server) return;
      kills += 1;
      const restarting = restart(at, server, moment).finally(() => restarts.delete(restarting));
      restarts.add(restarting);
      await restarting;
    },
    get kills() {
      return kills;
    },
    get deaths() {
      return deaths;
    },
    async freezeOne(ms) {
      const server = servers.find((each) => !frozen.has(each));
      if (!server) return;
      const harm: Harm = { server: server.pid, what: "frozen", from: Date.now(), to: Infinity };
      harms.push(harm);
      server.freeze();
      frozen.add(server);
      await pause(ms);
      server.thaw();
      frozen.delete(server);
      harm.to = Date.now();
    },
    get harms() {
      return harms;
    },
    async stop() {
      await Promise.allSettled(restarts);
      await Promise.all(servers.map((server) => server.kill()));
    },
  };
}
