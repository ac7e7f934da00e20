import { type AresState, answerAsAres } from "./aresRoutes";
import type { FaultPlan } from "./faultPlan";
import { faultOf } from "./faults";
import { authorizePage } from "./grantRoutes";
import { type AresRoute, latencyOf } from "./knobs";
import { brokenBody, networkError, wait } from "./network";
import type { RequestRecorder } from "./requestLog";

/** Everything a reset replaces. */
export interface World {
  now: () => number;
  state: AresState;
  plan: FaultPlan;
  log: RequestRecorder;
}

const routes: Readonly<Record<string, AresRoute>> = {
  "/v1/user": "user",
  "/v1/partner/usage": "usage",
  "/oauth/token": "token",
};

/** One request through the network to ARES and back. What has begun is finished, whether or not the caller still waits. */
export async function exchange(
  world: World,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  const address = new URL(request.url);
  if (address.pathname === "/oauth")
    return authorizePage(address, world.state.grants, world.state.wallets.names());
  const route = routes[address.pathname];
  if (!route) return Response.json({ error: "Not found" }, { status: 404 });

  const { now, state, plan, log } = world;
  // Drawn before the first await, so that faults strike in the order of the calls.
  const planned = plan.next(route);
  const fault = planned && faultOf(planned.fault, planned.options, () => state.knobs);
  const authorization = request.headers.get("Authorization");
  const token = state.tokens.check(authorization);
  const entry = log.open({
    at: now(),
    route,
    userId: "user" in token ? token.user : null,
    fault: planned?.fault ?? null,
  });

  const call = {
    route,
    method: request.method,
    authorization,
    contentType: request.headers.get("Content-Type"),
    body: await request.text(),
  };
  await wait(latencyOf(state.knobs, route) + (fault?.type === "slow" ? fault.ms : 0));

  if (!fault || fault.type === "slow") {
    const answer = await answerAsAres(call, state);
    entry.status = answer.status;
    return answer;
  }

  if (fault.charges) await answerAsAres(call, state);
  if (fault.type === "error") throw networkError(fault.code);
  if (fault.type === "hang") return new Promise(() => {});
  const answer = fault.type === "broken-body" ? brokenBody(fault.how, signal) : fault.answer();
  entry.status = answer.status;
  return answer;
}
