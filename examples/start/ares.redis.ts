import { aresConnect, memoryTokens } from "ares-react/connect";
import type { AresServerOptions } from "ares-react/server";
import { createAresServer, definePrices, fromIoredis, redisLedger } from "ares-react/server";
import { pretend } from "ares-react/testing";
import { Redis } from "ioredis";

export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});

const redis = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379");
export const ledger = redisLedger(fromIoredis(redis));

// No keys yet, and no real credits. docs/connect.md says what going live replaces.
const { connection, ...pretended } = pretend({
  connect: { aresConnect, memoryTokens },
  session: "ares",
});

export { connection };
export const aresOptions = { prices, ...pretended, ledger } satisfies AresServerOptions;
export const ares = createAresServer(aresOptions);
