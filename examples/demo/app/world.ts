import * as z from "zod/mini";

/** The pretend world in the panel: the visitor's account, ARES's book, and the app's own ledger. */
export const World = z.object({
  account: z.nullable(
    z.object({
      id: z.string(),
      name: z.string(),
      connection: z.enum(["connected", "not_connected", "reconnect"]),
    }),
  ),
  accounts: z.array(z.object({ id: z.string(), name: z.string() })),
  ares: z.object({
    users: z.array(z.object({ user: z.string(), credits: z.number() })),
    charges: z.array(
      z.object({ at: z.number(), userId: z.string(), usage: z.string(), credits: z.number() }),
    ),
    faults: z.array(
      z.object({
        fault: z.unknown(),
        on: z.nullable(z.string()),
        left: z.union([z.number(), z.literal("always")]),
      }),
    ),
    knobs: z.object({ latencyMs: z.unknown() }),
  }),
  charges: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      userId: z.string(),
      usage: z.string(),
      resource: z.nullable(z.string()),
      credits: z.number(),
      createdAt: z.number(),
    }),
  ),
});
export type World = z.infer<typeof World>;

export async function readWorld(): Promise<World> {
  const answer = await fetch("/demo/world", { signal: AbortSignal.timeout(5000) });
  return World.parse(await answer.json());
}

/** Sends one command of the panel. */
export async function command(path: string, body: object = {}): Promise<void> {
  const answer = await fetch(`/demo/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} was refused: ${await answer.text()}`);
}
