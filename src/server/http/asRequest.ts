import { refuse } from "../refusals";

/** A request. Where a framework gives none, its headers: in server components and server actions of Next. */
export type RequestOrHeaders = Request | Headers;

/** The request that the headers came with, as far as they tell. Method and address are not among them. */
export function asRequest(from: RequestOrHeaders): Request {
  if (isRequest(from)) return from;
  const named = (header: string) => from.get(`X-Forwarded-${header}`)?.split(",")[0]?.trim();
  const host = named("Host") ?? from.get("Host") ?? "localhost";
  return new Request(`${named("Proto") ?? "http"}://${host}/`, { headers: from });
}

export function isRequest(from: RequestOrHeaders): from is Request {
  return "headers" in from;
}

/**
 * Refuses to charge while a page is rendered. A browser names the origin of each POST, such as the call of a server action.
 */
export function refuseRender(from: RequestOrHeaders): void {
  if (isRequest(from) || from.has("Origin") || from.has("Authorization")) return;
  throw refuse("not_allowed", {}, { message: RENDER });
}

const RENDER =
  "A charge needs a POST, and these headers are of no POST. Nothing was charged. Charge in a server action, not during render.";
