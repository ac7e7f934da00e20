import { createAresServer, definePrices, fromIoredis, redisLedger } from "ares-react/server";
import { pretend } from "ares-react/testing";
import { Redis } from "ioredis";

export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});

const redis = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379");
export const ledger = redisLedger(fromIoredis(redis));

export const ares = createAresServer({
  prices,
  // No keys yet, and no real credits. Going live replaces this line with clientId, auth and ledger.
  ...pretend(),
  ledger,
});
