import type { AresSimulator } from "../simulator/AresSimulator";
import { firstUser, type SimulatedAccount } from "./simulatedAuth";

/** The options of `guideRoute`. */
export interface GuideRouteOptions {
  simulator: AresSimulator;
  /** @default the simulator's first user */
  user?: string;
  /** @default "connected" */
  account?: SimulatedAccount | (() => SimulatedAccount);
}

const api = "https://oauth.joinares.com";

/**
 * Creates a double of the route file in ARES's partner guide, for tests of a front end against that route.
 *
 * The double has the original's quirks:
 * - 200 for a visitor who is not signed in
 * - an error text that keeps ARES's status and loses its words
 * - the browser's own `client_id` and `credits`
 * - no idempotency key
 * - a bare 500 for every error that it does not catch
 *
 * @source The ARES partner guide, "Track usage with Clerk", `app/api/ARES/route.ts`.
 */
export function guideRoute({
  simulator,
  user,
  account = "connected",
}: GuideRouteOptions): (request: Request) => Promise<Response> {
  /** The token Clerk would hand out: also an expired one. */
  function accessToken(userId: string, state: SimulatedAccount): string | null {
    if (state === "not_connected") return null;
    const token = simulator.tokenOf(userId);
    if (state === "reconnect") simulator.expireToken(userId, { refreshable: false });
    return token;
  }

  async function route(request: Request): Promise<Response> {
    const state = typeof account === "function" ? account() : account;
    const userId = state === "signed_out" ? null : (user ?? firstUser(simulator));
    switch (request.method) {
      case "GET":
        return get(userId, state);
      case "POST":
        return post(request, userId, state);
      default:
        return new Response(null, { status: 405 });
    }
  }

  async function get(userId: string | null, state: SimulatedAccount): Promise<Response> {
    if (userId === null) return Response.json({ message: "User not signed in" });
    const token = accessToken(userId, state);
    if (token === null) return noToken();
    const headers = { Authorization: `Bearer ${token}` };
    return passOn(await simulator.fetch(`${api}/v1/user`, { headers }));
  }

  async function post(
    request: Request,
    userId: string | null,
    state: SimulatedAccount,
  ): Promise<Response> {
    if (userId === null) return Response.json({ message: "User not found" }, { status: 401 });
    const { client_id, usage, credits } = await request.json();
    if (!client_id || !usage || credits === undefined)
      return Response.json({ message: "Missing required fields" }, { status: 400 });
    const token = accessToken(userId, state);
    if (token === null) return noToken();
    return passOn(
      await simulator.fetch(`${api}/v1/partner/usage`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ client_id, usage, credits }),
      }),
    );
  }

  // Next.js answers with a bare 500 when a route throws: a broken connection, a body that is no JSON.
  return (request) => route(request).catch(() => new Response(null, { status: 500 }));
}

function noToken(): Response {
  return Response.json({ message: "Access token not found" }, { status: 401 });
}

async function passOn(answer: Response): Promise<Response> {
  if (answer.ok) return Response.json(await answer.json());
  // The original follows redirects and then fails to read the page it lands on.
  if (answer.status < 400) throw new Error("The page behind a redirect is no JSON.");
  return Response.json({ error: `ARES API error: ${answer.status}` }, { status: answer.status });
}
