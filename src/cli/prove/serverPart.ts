import type { Ledger } from "../../server";
import { keptOptions, readAppOptions, trialOf } from "./appOptions";
import { listen } from "./listen";
import { type Moment, MustDie } from "./moments";

/** A server of the app under trial. */
export interface ServerSetup {
  part: "server";
  /** The app's folder, and its module. */
  folder: string;
  module: string;
  /** The name of the ledger. Undefined: the module's own ledger is made for the trial. */
  trial?: string;
  /** The address of the pretend ARES. */
  ares: string;
  timeoutMs: number;
}

/** One server of the app: its options, on the ledger of the trial. A user's session is the user's name. */
export async function runServer({ folder, module, trial, ares, timeoutMs }: ServerSetup) {
  const { createAresServer } = await import("ares-react/server");
  const options = need(await readAppOptions(folder, module));
  const ledger = trial === undefined ? options.ledger : need(trialOf(options, trial));
  const tokens = createTokens(ares);
  const end = createEnd();

  const server = createAresServer({
    ...keptOptions(options),
    ledger: endingIn(ledger, end),
    auth: async (request) => {
      const userId = request.headers.get("Authorization")?.replace("Bearer ", "");
      if (!userId) return null;
      return { userId, getAccessToken: ({ refresh = false } = {}) => tokens.of(userId, refresh) };
    },
    ares: {
      baseUrl: ares,
      timeoutMs,
      async fetch(input, init) {
        if (init.method !== "POST") return fetch(input, init);
        const charge = { user: tokens.ownerOf(init.headers), usage: usageOf(init.body) };
        await end.at("begun", charge);
        const answer = await fetch(input, init);
        await end.at("answered", charge);
        return answer;
      },
    },
    rateLimit: false,
    onError: () => {},
  });
  listen(server.handler);
}

function need<T>(given: T | string): T {
  if (typeof given === "string") throw new Error(given);
  return given;
}

/** The sign-in service's tokens, kept as a real service keeps them: read again only after ARES refused one. */
function createTokens(ares: string) {
  const tokens = new Map<string, string>();
  const owners = new Map<string, string>();
  return {
    async of(user: string, refresh: boolean): Promise<string> {
      const kept = tokens.get(user);
      if (kept !== undefined && !refresh) return kept;
      const body = JSON.stringify({ user, issue: refresh });
      const answer = await fetch(`${ares}/__sim/token`, { method: "POST", body });
      const { token }: { token: string } = await answer.json();
      tokens.set(user, token);
      owners.set(`Bearer ${token}`, user);
      return token;
    },
    ownerOf: (headers: RequestInit["headers"]) =>
      owners.get(new Headers(headers).get("Authorization") ?? "") ?? "",
  };
}

function usageOf(body: RequestInit["body"]): string {
  return JSON.parse(String(body)).usage;
}

/** Kills this process at the moment that the parent names, and says last whose charge it leaves. */
function createEnd() {
  let due: Moment | undefined;
  process.on("message", (message) => {
    due = MustDie.safeParse(message).data?.die ?? due;
  });
  return {
    async at(moment: Moment, charge: { user: string; usage: string }): Promise<void> {
      if (due !== moment) return;
      due = undefined;
      const died = { moment, ...charge };
      await new Promise<never>(() => {
        process.send?.({ died }, () => process.kill(process.pid, "SIGKILL"));
      });
    },
  };
}

/** Ends the process between a claim and its begin. */
function endingIn(ledger: Ledger, end: ReturnType<typeof createEnd>): Ledger {
  const { beginWithin } = ledger;
  const charges = new Map<string, { user: string; usage: string }>();
  async function beforeBegin(id: string): Promise<void> {
    const charge = charges.get(id);
    charges.delete(id);
    if (charge) await end.at("claimed", charge);
  }
  return {
    ...ledger,
    claim(id, claim) {
      charges.set(id, { user: claim.userId, usage: claim.usage });
      return ledger.claim(id, claim);
    },
    async begin(id, begin) {
      await beforeBegin(id);
      return ledger.begin(id, begin);
    },
    ...(beginWithin && {
      async beginWithin(id, begin) {
        await beforeBegin(id);
        return beginWithin.call(ledger, id, begin);
      },
    }),
  };
}
