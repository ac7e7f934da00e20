import { aresConnect } from "../../src/connect/aresConnect";
import type { AresConnectOptions } from "../../src/connect/connectOptions";
import { memoryTokens } from "../../src/connect/memoryTokens";
import type { TokenRow } from "../../src/connect/tokenRow";
import type { TokenStore } from "../../src/connect/tokenStore";
import { createAresServer, memoryLedger } from "../../src/server";
import type { AresSimulatorOptions } from "../../src/testing/simulator/AresSimulator";
import { createAresSimulator } from "../../src/testing/simulator/createAresSimulator";
import { prices } from "../server/world";
import { newSecret } from "./tokenRules";

export const origin = "https://app.example";
export const route = `${origin}/api/ares/connect`;

/** A store whose rows a test reads. */
function watchedTokens(now: () => number) {
  const store = memoryTokens({ now });
  const rows = new Map<string, TokenRow>();
  const faults: { read?: Error | undefined; write?: Error | undefined } = {};
  const tokens: TokenStore = {
    async read(id) {
      if (faults.read) throw faults.read;
      return store.read(id);
    },
    async write(id, row, was) {
      if (faults.write) throw faults.write;
      const written = await store.write(id, row, was);
      if (written === "written") rows.set(id, row);
      return written;
    },
    async remove(id) {
      rows.delete(id);
      return store.remove(id);
    },
  };
  return { tokens, rows, faults, row: () => [...rows.values()][0] };
}

export interface WorldOptions extends Partial<AresConnectOptions> {
  simulator?: AresSimulatorOptions;
}

/** An app with a pretend ARES, a sign-in that says who a test says, and a browser that keeps cookies. */
export function connectWorld({ simulator: settings, ...options }: WorldOptions = {}) {
  const clock = { ms: 1_800_000_000_000 };
  const now = () => clock.ms;
  const simulator = createAresSimulator({
    users: { ada: 698, eve: 5 },
    clients: ["client-1"],
    clientSecret: "canary-client-secret",
    now,
    ...settings,
  });
  const session: { user: string | null } = { user: "user-1" };
  const errors: unknown[] = [];
  const watched = watchedTokens(now);
  const secret = newSecret();

  /** One more server of the same app. */
  function server(more: Partial<AresConnectOptions> = {}) {
    const connection = aresConnect({
      clientId: "client-1",
      clientSecret: "canary-client-secret",
      redirectUri: `${route}/callback`,
      secret,
      tokens: watched.tokens,
      session: () => session.user,
      ares: { fetch: simulator.fetch },
      onError: (error) => errors.push(error),
      now,
      ...options,
      ...more,
    });
    const ares = createAresServer({
      clientId: "client-1",
      prices,
      ledger: memoryLedger({ now }),
      auth: connection.auth,
      ares: { fetch: simulator.fetch },
      rateLimit: false,
      onError: (error) => errors.push(error),
      now,
    });
    return { connection, ares };
  }

  const { connection, ares } = server();
  const browser = createBrowser(connection, simulator.fetch);
  return {
    clock,
    simulator,
    session,
    errors,
    ...watched,
    secret,
    server,
    connection,
    ares,
    browser,
  };
}

type Handler = { handler(request: Request): Promise<Response> };

/** A browser: it keeps cookies, and follows redirects when a test says so. */
export function createBrowser(app: Handler, aresFetch: (url: string) => Promise<Response>) {
  const cookies = new Map<string, string>();

  function keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split("; ");
      const equals = pair.indexOf("=");
      const name = pair.slice(0, equals);
      if (attributes.includes("Max-Age=0")) cookies.delete(name);
      else cookies.set(name, pair.slice(equals + 1));
    }
  }

  async function go(address: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (cookies.size > 0)
      headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await app.handler(new Request(new URL(address, route), { ...init, headers }));
    keep(response);
    return response;
  }

  return {
    cookies,
    go,
    post: (address: string, headers: Record<string, string> = {}) =>
      go(address, { method: "POST", headers: { Origin: origin, ...headers } }),

    /** Presses "Connect ARES", and allows or denies as `user`; gives the address of the callback. */
    async toCallback(user = "ada", decision = "allow", back = "/page?x=1#top"): Promise<string> {
      const start = await go(`${route}?return=${encodeURIComponent(back)}`);
      const consent = new URL(start.headers.get("Location") ?? "");
      consent.searchParams.set("decision", decision);
      consent.searchParams.set("user", user);
      const answer = await aresFetch(consent.href);
      return answer.headers.get("Location") ?? "";
    },

    async connect(user = "ada"): Promise<Response> {
      return go(await this.toCallback(user));
    },
  };
}
