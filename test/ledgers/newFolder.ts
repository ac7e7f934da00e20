import { accessSync, constants, mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
