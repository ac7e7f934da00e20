import { createAresServer, definePrices } from "ares-react/server";
import { pretend } from "ares-react/testing";

export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});

export const ares = createAresServer({
  prices,
  // No keys yet, and no real credits. Going live replaces this line with clientId, auth and ledger.
  ...pretend(),
});
