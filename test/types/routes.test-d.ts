import { expectTypeOf } from "vitest";
import * as z from "zod/mini";
import type { AresServerGateProps } from "../../src/rsc";
import { createAresServer, definePrices, memoryLedger, quoted } from "../../src/server";

const prices = definePrices({
  report: 3,
  render: quoted({ input: z.object({ pages: z.number() }), credits: ({ pages }) => pages }),
});
type P = typeof prices;
const ares = createAresServer({
  clientId: "id",
  prices,
  auth: async () => null,
  ledger: memoryLedger(),
});
declare const request: Request;

expectTypeOf(ares.toResponse).toEqualTypeOf<(error: unknown) => Response>();
// @ts-expect-error an answer needs the error that it answers
ares.toResponse();

/** Hono: the route hands its context on, whose parameter is typed. */
interface HonoContext {
  req: { raw: Request; param(name: "id"): string };
}
const inHono = ares.withPaid(
  { usage: "report", resource: (_, { req }: HonoContext) => req.param("id") },
  (_, { charge }, { req }) =>
    Response.json({ usage: charge.usage satisfies "report", id: req.param("id") }),
);
export const honoRoute = (context: HonoContext): Promise<Response> =>
  inHono(context.req.raw, context);
// @ts-expect-error the handler reads the context, so the route must hand it on
void inHono(request);

/** React Router: a loader has one argument, with the request in it. */
interface LoaderArgs {
  request: Request;
  params: { id: string };
}
const inReactRouter = ares.withPaid(
  { usage: "report", resource: (_, { params }: LoaderArgs) => params.id },
  (asked, { userId }, { params }) => Response.json({ url: asked.url, userId, id: params.id }),
);
export const loader = (args: LoaderArgs): Promise<Response> => inReactRouter(args.request, args);
ares.withPaid(
  // @ts-expect-error the loader's arguments name no such parameter
  { usage: "report", resource: (_, { params }: LoaderArgs) => params.page },
  () => new Response(),
);

/** The gate of server components: a function of the charge, an input where the price is quoted, and only known usages. */
type Gate<U extends keyof P & string> = AresServerGateProps<P, U>;
const around = { ares, headers: new Headers(), resource: "r-1" } satisfies Partial<Gate<"report">>;
export const gates: [Gate<"report">, Gate<"report">, Gate<"render">] = [
  { ...around, usage: "report", children: "The report." },
  {
    ...around,
    usage: "report",
    children: async (charge) => charge?.usage satisfies "report" | undefined,
  },
  { ...around, usage: "render", input: { pages: 2 }, headers: Promise.resolve(new Headers()) },
];
// @ts-expect-error a quoted usage needs its input
export const withoutInput: Gate<"render"> = { ...around, usage: "render" };
// @ts-expect-error what lasts has a resource
export const withoutResource: Gate<"report"> = { ares, headers: new Headers(), usage: "report" };
