import { definePrices, quoted } from "ares-react/server";
import * as z from "zod/mini";

/** The prices of this app. The browser only ever names a usage. */
export const prices = definePrices({
  "export-pdf": 1,
  illustration: 4,
  report: { credits: 3, keepMs: Number.POSITIVE_INFINITY },
  // Ten copies are one credit.
  prints: quoted({
    input: z.object({ copies: z.int().check(z.positive()) }),
    credits: ({ copies }) => copies * 0.1,
  }),
});
