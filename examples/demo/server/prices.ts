import { definePrices } from "ares-react/server";

/** The prices of this app. The browser only ever names a usage. */
export const prices = definePrices({
  "export-pdf": 1,
  illustration: 4,
  report: { credits: 3, keepMs: Number.POSITIVE_INFINITY },
});
