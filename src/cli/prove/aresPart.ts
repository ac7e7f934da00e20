import type { AresSimulator } from "ares-react/testing";
import * as z from "zod/mini";
import { listen, type Serve } from "./listen";
import type { Met } from "./startAres";

/** Nobody runs out of credits in a trial. */
const WEALTH = 1_000_000;

const Named = z.object({ user: z.string() });
const Charge = z.object({ usage: z.string() });

/**
 * The pretend ARES as its own service: its book outlives every server that asks it. It knows whoever asks for a token.
 * `/api/ares` is the guide's own route, for the control.
 */
export async function runAres(): Promise<void> {
  const { createAresSimulator, dropHeader, guideRoute } = await import("ares-react/testing");
  const simulator = createAresSimulator({ users: {} });
  const known = new Set<string>();
  const met: Met[] = [];

  function meet(user: string): string {
    if (!known.has(user)) simulator.addUser(user, WEALTH);
    known.add(user);
    return user;
  }

  const passOn: Serve = async (request) => {
    const answer = await simulator.serve(request);
    return answer.headers.has(dropHeader) ? null : answer;
  };

  const routes: Readonly<Record<string, Serve>> = {
    "/met": async () => Response.json(met),
    "/api/ares": (request) => {
      const user = request.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
      return byTheGuide(request, guideRoute({ simulator, user: meet(user) }));
    },
    "/__sim/token": async (request) => {
      meet(Named.parse(await request.clone().json()).user);
      return passOn(request);
    },
  };

  /** A request for a charge is written down with what it meets. */
  async function serveCharge(request: Request): Promise<Response | null> {
    const body = await request.text();
    const answering = passOn(new Request(request, { body }));
    const { user, fault } = lastMet(simulator);
    if (user && fault) met.push({ user, fault, usage: Charge.parse(JSON.parse(body)).usage });
    return answering;
  }

  listen((request) => {
    const { pathname } = new URL(request.url);
    const route = routes[pathname];
    if (route) return route(request);
    return pathname.startsWith("/__sim/") || request.method === "GET"
      ? passOn(request)
      : serveCharge(request);
  });
}

/** The simulator draws a fault before it waits for anything, so the last entry is that of the request just made. */
function lastMet({ requests }: AresSimulator): { user: string | null; fault: string | null } {
  const { userId = null, fault = null } = requests.log.at(-1) ?? {};
  return { user: userId, fault: typeof fault === "string" ? fault : null };
}

/** The page of the guide names its app and the price. Here the answers come in the words of this package. */
async function byTheGuide(
  request: Request,
  route: (request: Request) => Promise<Response>,
): Promise<Response> {
  if (request.method !== "POST")
    return Response.json({ message: "Success", charge: { status: "unknown" } });
  const { usage } = Charge.parse(await request.json());
  const body = JSON.stringify({ client_id: "prove", usage, credits: 1 });
  const answer = await route(new Request(request.url, { method: "POST", body }));
  if (!answer.ok) return Response.json({ code: "internal" }, { status: answer.status });
  const headers = { "Idempotency-Replayed": "false" };
  return Response.json({ message: "Success", status: "charged" }, { headers });
}
