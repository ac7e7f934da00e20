import { aresConnect, memoryTokens } from "ares-react/connect";
import type { AresServerOptions } from "ares-react/server";
import { createAresServer, definePrices } from "ares-react/server";
import { pretend } from "ares-react/testing";

export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});

// No keys yet, and no real credits. docs/connect.md says what going live replaces.
const { connection, ...pretended } = pretend({
  connect: { aresConnect, memoryTokens },
  session: "ares",
});

export { connection };
export const aresOptions = { prices, ...pretended } satisfies AresServerOptions;
export const ares = createAresServer(aresOptions);
