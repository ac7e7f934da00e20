/**
 * Runs an example beside a pretend ARES: `node ../pretendAres.mjs npm start` in the example's folder. Ann has 698 credits,
 * and Bob has 2. Run the first line of the README before, which builds the kit.
 */
import { spawn } from "node:child_process";
import { serve } from "@hono/node-server";
import { createAresSimulator } from "../dist/testing.js";

const ares = createAresSimulator({ users: { ann: 698, bob: 2 } });
const server = serve({ fetch: ares.serve, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
  const env = {
    ARES_BASE_URL: `http://127.0.0.1:${port}`,
    ARES_TOKENS: JSON.stringify({ ann: ares.tokenOf("ann"), bob: ares.tokenOf("bob") }),
  };
  const [command = "npm", ...rest] = process.argv.slice(2);
  const app = spawn(command, rest, {
    stdio: "inherit",
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
    process.on(signal, () => app.kill(signal));
  app.on("exit", (code) => {
    server.close();
    process.exitCode = code ?? 1;
  });
});
