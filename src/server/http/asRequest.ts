import { parseUrl } from "../parseUrl";
import { refuse } from "../refusals";

/** A request. Where a framework gives none, its headers: in server components and server actions of Next. */
export type RequestOrHeaders = Request | Headers;

/** The request that the headers came with, as far as they tell. Method and path are not among them. */
export function asRequest(from: RequestOrHeaders): Request {
  if (isRequest(from)) return from;
  const forwarded = (header: string) => from.get(`X-Forwarded-${header}`)?.split(",")[0]?.trim();
  const origin = `${forwarded("Proto") ?? "http"}://${forwarded("Host") ?? from.get("Host") ?? "localhost"}/`;
  return new Request(parseUrl(origin) ?? "http://localhost/", { headers: [...from.entries()] });
}

/**
 * As `asRequest`, and for headers alone a task later. Next prerenders a page up to its request data, and stops at a clock or
 * a random value that is read before. A prerender ends with the task in which `headers()` answers, and a sign-in without
 * I/O would answer within the same task.
 */
export async function afterPrerender(from: RequestOrHeaders): Promise<Request> {
  if (!isRequest(from)) await new Promise((resolve) => setTimeout(resolve));
  return asRequest(from);
}

/** The headers of Next have a member `headers` too, so the address tells them apart. */
export function isRequest(from: RequestOrHeaders): from is Request {
  return "url" in from;
}

/**
 * Refuses to charge while a page is rendered. A browser names the origin of each POST, such as the call of a server action;
 * another caller sends a bearer token, and navigates nowhere.
 */
export function refuseRender(from: RequestOrHeaders, key: string | undefined): void {
  if (isRequest(from)) return;
  const isCall =
    /^Bearer \S/.test(from.get("Authorization") ?? "") && from.get("Sec-Fetch-Mode") !== "navigate";
  if (!from.has("Origin") && !isCall) throw refuse("not_allowed", {}, { message: RENDER });
  // Next renders the page again after an action, with the headers of the action's POST.
  if (key === undefined) throw refuse("invalid_request", {}, { message: NO_KEY });
}

const RENDER =
  "A charge needs a POST, and these headers are of no POST. Nothing was charged. Charge in a server action, not during render.";
const NO_KEY =
  "A charge by headers alone needs a key. Nothing was charged. Take the key from useAresAction and pass it on.";
