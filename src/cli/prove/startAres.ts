import type { RandomFaults } from "ares-react/testing";
import * as z from "zod/mini";
import { type Program, startService } from "./startService";

const Book = z.object({
  charges: z.array(
    z.object({ at: z.number(), userId: z.string(), usage: z.string(), credits: z.number() }),
  ),
});

const Met = z.array(z.object({ user: z.string(), usage: z.string(), fault: z.string() }));

/** A fault that a request for a charge met on its way to ARES or back. */
export type Met = z.infer<typeof Met>[number];

/** One deduction in ARES's own book. */
export type Deduction = z.infer<typeof Book>["charges"][number];

/** The pretend ARES in its own process. */
export interface RunningAres {
  url: string;
  failRandomly(rates: RandomFaults["rates"]): Promise<void>;
  heal(): Promise<void>;
  /** Every deduction so far. */
  deductions(): Promise<Deduction[]>;
  faultsMet(): Promise<Met[]>;
  stop(): Promise<void>;
}

/** A bad day: the share of charges that meet each fault. */
export const badDay = {
  "drop-before-charge": 0.04,
  "drop-after-charge": 0.05,
  "500-before": 0.03,
  "502-after": 0.03,
  "garbage-200-after": 0.02,
  slow: 0.03,
  "403-expired": 0.05,
  insufficient: 0.03,
} satisfies RandomFaults["rates"];

export async function startAres(program: Program): Promise<RunningAres> {
  const service = await startService(program, { part: "ares" });

  async function command(name: string, body: object): Promise<void> {
    const answer = await fetch(`${service.url}/__sim/${name}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  return {
    url: service.url,
    failRandomly: (rates) => command("fail-randomly", { seed: 1, rates, on: "usage" }),
    heal: () => command("heal", {}),
    deductions: async () =>
      Book.parse(await (await fetch(`${service.url}/__sim/book`)).json()).charges,
    faultsMet: async () => Met.parse(await (await fetch(`${service.url}/met`)).json()),
    stop: () => service.kill(),
  };
}
