import { fromHundredths } from "../../contract";
import { answerTokenRequest } from "./grantRoutes";
import type { Grants } from "./grants";
import type { AresRoute, Knobs } from "./knobs";
import type { Tokens } from "./tokens";
import { randomHex, seededRandom, seedOf } from "./tokens";
import type { Wallets } from "./wallets";

/** Everything ARES's two endpoints look at. */
export interface AresState {
  wallets: Wallets;
  tokens: Tokens;
  grants: Grants;
  knobs: Knobs;
  /** The client ids that ARES knows. Undefined: every client id. */
  clients: readonly string[] | undefined;
}

/** A request, read as far as ARES needs it. */
export interface AresCall {
  route: AresRoute;
  method: string;
  authorization: string | null;
  contentType: string | null;
  body: string;
}

const error = (status: number, text: string): Response =>
  Response.json({ error: text }, { status });

/** Answers `GET /v1/user` and `POST /v1/partner/usage` as ARES documents them, and the token endpoint. The deduction happens in here, at once. */
export function answerAsAres(call: AresCall, state: AresState): Response | Promise<Response> {
  if (call.method !== (call.route === "user" ? "GET" : "POST"))
    return error(405, "Method not allowed");
  if (call.route === "token") return answerTokenRequest(call.body, state.grants, state.knobs);

  const token = state.tokens.check(call.authorization);
  if (token.status === "none") return error(401, "No token provided");
  if (token.status === "invalid") return error(401, "Invalid token");
  if (token.status === "expired")
    return state.knobs.expiredAs === 403
      ? error(403, "Token expired")
      : error(401, "Invalid token");

  return call.route === "user"
    ? userAnswer(token.user, state)
    : usageAnswer(token.user, call, state);
}

function userAnswer(user: string, { wallets, knobs }: AresState): Response {
  const credits = wallets.balanceBefore(user, knobs.readLagMs);
  const profile = {
    id: idOf(user),
    email: wallets.emailOf(user),
    credits: knobs.userShape === "fractional" ? credits + 0.004 : credits,
  };
  const flat = knobs.userShape === "flat" ? { ...profile, name: user } : {};
  return Response.json({ message: "Success", ...flat, user: profile });
}

function usageAnswer(
  user: string,
  call: AresCall,
  { wallets, knobs, clients }: AresState,
): Response {
  if (!/^application\/json\b/i.test(call.contentType ?? ""))
    return error(400, "Content-Type must be application/json");

  const fields = readFields(call.body);
  if (!fields) return error(400, "Missing required fields");
  const { clientId, usage, credits } = fields;
  if (knobs.unknownClient !== "accept" && clients && !clients.includes(clientId))
    return error(knobs.unknownClient, "Unknown client_id");

  const hundredths = Math.ceil(Number((credits * 100).toFixed(6)));
  if (!isAmount(credits, knobs)) return error(400, "Invalid amount");

  if (!wallets.charge(user, clientId, usage, hundredths))
    return error(knobs.insufficientStatus, knobs.insufficientText);
  if (knobs.usageBody === "minimal") return Response.json({ message: "Success" });
  const charged = { client_id: clientId, usage, credits: fromHundredths(hundredths) };
  if (knobs.usageBody === "usage") return Response.json({ message: "Success", usage: charged });
  return Response.json({
    message: "Success",
    usage: charged,
    user: { id: idOf(user), credits: wallets.balanceOf(user) },
  });
}

interface Fields {
  clientId: string;
  usage: string;
  credits: number;
}

/** The fields of a usage, where all are there. */
function readFields(text: string): Fields | undefined {
  const { client_id: clientId, usage, credits } = readBody(text);
  if (typeof clientId !== "string" || clientId === "") return undefined;
  if (typeof usage !== "string" || usage === "") return undefined;
  if (typeof credits !== "number" || !Number.isFinite(credits)) return undefined;
  return { clientId, usage, credits };
}

/** True for an amount that this ARES takes. */
function isAmount(credits: number, knobs: AresState["knobs"]): boolean {
  if (credits <= 0 && knobs.nonPositiveCredits === "refuse") return false;
  if (knobs.fractions === "any") return true;
  const places = knobs.fractions === "int" ? 1 : 100;
  return Number.isInteger(Number((credits * places).toFixed(6)));
}

function readBody(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

/** ARES's ids are UUIDs; each simulated user has the same one in every run. */
export function idOf(user: string): string {
  const next = seededRandom(seedOf(user));
  return [8, 4, 4, 4, 12].map((digits) => randomHex(next, digits)).join("-");
}
