import * as z from "zod/mini";
import { type AresServerOptions, definePrices, quoted } from "../../src/server";
import { parseJson } from "../../src/server/http/readRequest";
import { worldOf } from "./world";

/** What the price functions were asked. */
interface Asked {
  input: unknown;
  userId: string;
  url: string;
}

const Render = z.object({ pages: z.number(), title: z.optional(z.string()) });

/** Prices of an app that charges by the page. `knobs` change the price function while the server runs. */
function quotedPrices() {
  const asked: Asked[] = [];
  const knobs: { perPage: number; before?: (input: { pages: number }) => unknown } = {
    perPage: 0.1,
  };
  const prices = definePrices({
    "export-pdf": 1,
    render: quoted({
      input: Render,
      async credits(input, { userId, request }) {
        asked.push({ input, userId, url: request.url });
        await knobs.before?.(input);
        return input.pages * knobs.perPage;
      },
    }),
    day: quoted({ input: Render, credits: ({ pages }) => pages, keepMs: 1_000 }),
    odd: quoted({ input: z.unknown(), credits: (value) => value as never, maxCredits: 50 }),
  });
  return { prices, knobs, asked };
}

export type QuotedPrices = ReturnType<typeof quotedPrices>["prices"];

/** The kit's server with these prices, in front of the pretend ARES. */
export function quotedWorld(
  options: Partial<AresServerOptions<QuotedPrices>> & { balance?: number } = {},
) {
  const { prices, knobs, asked } = quotedPrices();
  const w = worldOf(prices, options);
  const codeOf = async (response: Promise<Response>) => (await (await response).json()).code;

  /** Asks by GET, each pair as usage, resource and input. */
  type Named = readonly [usage: string, resource?: string | undefined, input?: unknown];
  const textOf = (input: unknown) => (typeof input === "string" ? input : JSON.stringify(input));

  async function read(query: Record<string, string>) {
    const response = await w.get(`?${new URLSearchParams(query)}`);
    const body = await response.json();
    return { status: response.status, body, answers: body.answers, first: body.answers?.[0] };
  }

  /** Asks as a page does. A text that is JSON stands for its value. */
  function ask(...named: readonly Named[]) {
    const asValue = (input: unknown) =>
      typeof input === "string" ? (parseJson(input) ?? input) : (input ?? null);
    const lookups = named.map(([usage, resource = null, input]) => [
      usage,
      resource,
      asValue(input),
    ]);
    return read({ lookups: JSON.stringify(lookups) });
  }

  /** Asks for one thing, as a person at a terminal does. */
  function askAlone([usage, resource, input]: Named) {
    return read({
      usage,
      ...(resource !== undefined && { resource }),
      ...(input !== undefined && { input: textOf(input) }),
    });
  }

  return { ...w, prices, knobs, asked, ask, askAlone, codeOf };
}
