import { randomInt } from "node:crypto";
import { accessSync, constants, mkdtempSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A port for a server that may be killed. The system gives none of these to a connection that leaves, so while the
 * server is down nobody else gets its port, and a driver that connects again never meets itself.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(16_384, 32_768);
    if (await isFree(port)) return port;
  }
  throw new Error("No free port.");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/**
 * A new folder, in memory where there is room. Engines that are killed lose nothing of it, as only a power cut would. So a
 * slow disk makes no test wait.
 */
export function newFolder(name: string): string {
  return mkdtempSync(join(hasRoom("/dev/shm") ? "/dev/shm" : tmpdir(), `ares-${name}-`));
}

function hasRoom(place: string): boolean {
  try {
    accessSync(place, constants.W_OK);
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize > 4 * 2 ** 30;
  } catch {
    return false;
  }
}
