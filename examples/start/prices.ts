import { definePrices } from "ares-react/server";

export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});
