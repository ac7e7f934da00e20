import * as z from "zod/mini";
import type { AresSimulator } from "./AresSimulator";
import { FaultAnswer, FaultName, FaultOptions } from "./faults";
import { AresRoute, Knobs } from "./knobs";

const Amount = z.object({ user: z.string(), credits: z.number() });
const Token = z.object({
  user: z.string(),
  refresh: z.optional(z.boolean()),
  issue: z.optional(z.boolean()),
});
const Expiry = z.object({ user: z.string(), refreshable: z.optional(z.boolean()) });
const NewUser = z.object({
  user: z.string().check(z.minLength(1)),
  credits: z.number(),
  email: z.optional(z.string()),
});
const Fail = z.object({ fault: z.union([FaultName, FaultAnswer]), ...FaultOptions.shape });
const Random = z.object({
  seed: z.number(),
  rates: z.partialRecord(FaultName, z.number()),
  on: z.optional(AresRoute),
});
const Settings = z.partial(Knobs);

/** What another process may ask of the simulator: `/__sim/<name>`. Reads are GET, commands are POST with JSON. */
const reads: Readonly<Record<string, (simulator: AresSimulator) => unknown>> = {
  book: (simulator) => ({
    users: simulator.users(),
    charges: simulator.charges,
    requests: simulator.requests,
    knobs: simulator.knobs,
    faults: simulator.faults,
  }),
  users: (simulator) => ({ users: simulator.users() }),
};

const commands: Readonly<Record<string, (simulator: AresSimulator, body: unknown) => unknown>> = {
  topup: (simulator, body) => {
    const { user, credits } = Amount.parse(body);
    simulator.topUp(user, credits);
  },
  spend: (simulator, body) => {
    const { user, credits } = Amount.parse(body);
    simulator.spendElsewhere(user, credits);
  },
  balance: (simulator, body) => {
    const { user, credits } = Amount.parse(body);
    simulator.setBalance(user, credits);
  },
  users: (simulator, body) => {
    const { user, credits, email } = NewUser.parse(body);
    simulator.addUser(user, email === undefined ? credits : { credits, email });
  },
  fail: (simulator, body) => {
    const { fault, ...options } = Fail.parse(body);
    simulator.fail(fault, options);
  },
  "fail-randomly": (simulator, body) => simulator.failRandomly(Random.parse(body)),
  heal: (simulator) => simulator.heal(),
  set: (simulator, body) => simulator.set(Settings.parse(body)),
  expire: (simulator, body) => {
    const { user, refreshable = true } = Expiry.parse(body);
    simulator.expireToken(user, { refreshable });
  },
  /** The token a sign-in service would hold, for a server in another process. */
  token: (simulator, body) => {
    const { user, refresh, issue } = Token.parse(body);
    if (issue) return { token: simulator.issueToken(user) };
    if (refresh) return { token: simulator.refreshToken(user) };
    return { token: simulator.tokenOf(user) };
  },
  reset: (simulator) => simulator.reset(),
};

/** Answers one control request. What can't be read or done is 400 with a sentence. */
export async function answerControl(request: Request, simulator: AresSimulator): Promise<Response> {
  const name = new URL(request.url).pathname.slice("/__sim/".length);
  const read = request.method === "GET" ? own(reads, name) : undefined;
  if (read) return Response.json(read(simulator), { headers: { "Cache-Control": "no-store" } });

  const command = request.method === "POST" ? own(commands, name) : undefined;
  if (!command)
    return Response.json(
      { error: `The simulator has no ${request.method} /__sim/${name}.` },
      { status: 404 },
    );
  try {
    const text = await request.text();
    return Response.json(command(simulator, text === "" ? {} : JSON.parse(text)) ?? { ok: true });
  } catch (reason) {
    if (reason instanceof z.core.$ZodError)
      return Response.json({ error: z.prettifyError(reason) }, { status: 400 });
    return Response.json(
      { error: reason instanceof Error ? reason.message : String(reason) },
      { status: 400 },
    );
  }
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
