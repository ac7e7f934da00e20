import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * A port for a server that starts later, or that is killed and starts again. The system gives none of these ports to a
 * connection that leaves. So while the server is down nobody takes its port, and a driver that connects again never meets itself.
 *
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(16_384, 32_768);
    if (await isFree(port)) return port;
  }
  throw new Error("No free port.");
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
