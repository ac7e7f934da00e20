import { expectTypeOf } from "vitest";
import * as z from "zod/mini";
import {
  type AresServer,
  createAresServer,
  definePrices,
  type InputOf,
  memoryLedger,
  type QuotedPrice,
  quoted,
} from "../../src/server";

// The compiler is the test: a quoted usage needs its input, and no other usage takes one.
const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
  render: quoted({ input: z.object({ pages: z.number() }), credits: ({ pages }) => pages * 0.1 }),
  translate: quoted({
    // What a page sends, and what the price is computed from.
    input: z.pipe(
      z.string(),
      z.transform((text) => text.length),
    ),
    credits: async (letters, { userId, request }) =>
      userId && request.headers.has("X-Plan") ? 0 : letters.valueOf() / 1000,
    keepMs: 1000,
    maxCredits: 50,
  }),
});
type P = typeof prices;

expectTypeOf<InputOf<P, "render">>().toEqualTypeOf<{ pages: number }>();
expectTypeOf<InputOf<P, "translate">>().toEqualTypeOf<string>();
expectTypeOf<InputOf<P, "report">>().toEqualTypeOf<undefined>();

const ares = createAresServer({
  clientId: "id",
  prices,
  auth: async () => null,
  ledger: memoryLedger(),
});
declare const request: Request;
type Route = { params: Promise<{ pages: string }> };

export const compiles = [
  () => ares.charge(request, { usage: "render", input: { pages: 12 } }),
  () => ares.charge(request, { usage: "export-pdf" }),
  () => ares.requirePaid(request, { usage: "translate", resource: "r", input: "text" }),
  ares.withCharge({ usage: "render", input: { pages: 1 } }, () => new Response()),
  ares.withCharge(
    { usage: "render", input: async (asked) => ({ pages: Number(await asked.text()) }) },
    () => new Response(),
  ),
  // The route's own arguments follow from any of the functions.
  ares.withPaid(
    {
      usage: "render",
      input: async (_, { params }: Route) => ({ pages: Number((await params).pages) }),
    },
    (asked) => new Response(asked.url),
  ),
  ares.withPaid(
    {
      usage: "render",
      input: async (_, { params }: Route) => ({ pages: Number((await params).pages) }),
    },
    async (_, paid, { params }) =>
      Response.json({ usage: paid.charge.usage satisfies "render", params: await params }),
  ),
  ares.withCharge(
    { usage: "report", resource: async (_, { params }: Route) => (await params).pages },
    (asked) => new Response(asked.url),
  ),
];

export const doesNotCompile = [
  // @ts-expect-error a quoted usage needs an input
  () => ares.charge(request, { usage: "render" }),
  // @ts-expect-error the input is not the schema's
  () => ares.charge(request, { usage: "render", input: { pages: "12" } }),
  // @ts-expect-error the price of an export follows from no input
  () => ares.charge(request, { usage: "export-pdf", input: { pages: 12 } }),
  // @ts-expect-error a quoted usage needs an input
  () => ares.requirePaid(request, { usage: "render", resource: "r" }),
  // @ts-expect-error a quoted usage needs an input
  () => ares.withCharge({ usage: "render" }, () => new Response()),
  // @ts-expect-error the input is not the schema's
  () => ares.withPaid({ usage: "render", input: () => ({ sheets: 1 }) }, () => new Response()),
  () =>
    ares.snapshot(request, {
      charges: [
        { usage: "render", resource: "r", input: { pages: 1 } },
        { usage: "report", resource: "r" },
      ],
    }),
  // @ts-expect-error a snapshot of a quoted usage needs its input
  () => ares.snapshot(request, { charges: [{ usage: "render", resource: "r" }] }),
  () =>
    // @ts-expect-error the input is not the schema's
    ares.snapshot(request, { charges: [{ usage: "render", resource: "r", input: { sheets: 1 } }] }),
  () =>
    // @ts-expect-error the price of a report follows from no input
    ares.snapshot(request, { charges: [{ usage: "report", resource: "r", input: { pages: 1 } }] }),
  () =>
    // @ts-expect-error the price of a report follows from no input
    ares.withPaid({ usage: "report", resource: "r", input: { pages: 1 } }, () => new Response()),
  // @ts-expect-error a price function gets what the schema makes
  () => quoted({ input: z.number(), credits: (text: string) => text.length }),
  // @ts-expect-error a price is a number
  () => quoted({ input: z.number(), credits: () => "1" }),
];

// A function that takes any server takes this one, and any input.
export const any: AresServer = ares;
export const anyCharge = () => any.charge(request, { usage: "render", input: { pages: 12 } });
export const price: QuotedPrice = prices.render;
