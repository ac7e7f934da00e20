import { type Service, startService } from "./startService";

/** The servers of one app, without a load balancer: a customer asks any of them. */
export interface Fleet {
  /** The addresses to ask now. A server that was just killed is still in the list, as in any load balancer. */
  urls(): string[];
  /** Kills one server in the middle of its work, and starts another in its place. */
  killOne(): Promise<void>;
  readonly kills: number;
  stop(): Promise<void>;
}

export async function startFleet(file: string, setup: object, size = 4): Promise<Fleet> {
  const servers = await Promise.all(Array.from({ length: size }, () => startService(file, setup)));
  const restarts = new Set<Promise<void>>();
  let kills = 0;

  async function restart(at: number, server: Service): Promise<void> {
    await server.kill();
    servers[at] = await startService(file, setup);
  }

  return {
    urls: () => servers.map(({ url }) => url),
    async killOne() {
      const at = kills % size;
      const server = servers[at];
      if (!server) return;
      kills += 1;
      const restarting = restart(at, server).finally(() => restarts.delete(restarting));
      restarts.add(restarting);
      await restarting;
    },
    get kills() {
      return kills;
    },
    async stop() {
      await Promise.allSettled(restarts);
      await Promise.all(servers.map((server) => server.kill()));
    },
  };
}
