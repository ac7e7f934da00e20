import { headers } from "../../contract";
import { refuse } from "../refusals";
import { privateHeaders, problem, refusalOf } from "./answers";
import { varyBy } from "./privateAnswer";
import { noWebRequest } from "./readRequest";

interface Crossing {
  cors: readonly string[];
  errorPages?: string | undefined;
}

type Route<Args extends readonly unknown[]> = (
  request: Request,
  ...args: Args
) => Promise<Response>;

/**
 * Lets pages of the named origins call a route and read its answers, and answers the browser's preflight.
 * The route's answers are its own for each request: headers are added to them.
 */
export function crossOrigin({
  cors,
  errorPages,
}: Crossing): <Args extends readonly unknown[]>(route: Route<Args>) => Route<Args> {
  async function cross(request: Request, run: () => Promise<Response>): Promise<Response> {
    if (noWebRequest(request)) return run();
    const origin = request.headers.get("Origin") ?? "";
    const isAllowed = cors.includes(origin);
    const answer = request.method === "OPTIONS" ? preflight(isAllowed, errorPages) : await run();
    // The headers of a change of protocol may be locked. No page can read them either.
    if (answer.status < 200) return answer;
    // Keeps a cache from giving one origin's answer to another.
    varyBy("Origin", answer.headers);
    if (isAllowed) allow(origin, answer.headers);
    return answer;
  }

  return (route) =>
    cors.length === 0
      ? route
      : async (request, ...args) => cross(request, () => route(request, ...args));
}

/** Lets the pages of an origin read an answer. */
function allow(origin: string, headers: Headers): void {
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Allow-Credentials", "true");
  for (const name of EXPOSED) headers.append("Access-Control-Expose-Headers", name);
}

const EXPOSED = [headers.contract, headers.pretend, headers.replayed, headers.retryAfter];

/** The answer to a preflight. A browser sends a preflight without cookies, so nobody is signed in here. */
function preflight(isAllowed: boolean, errorPages: string | undefined): Response {
  if (!isAllowed)
    return problem(
      refusalOf(refuse("origin_rejected", {}, { message: NOT_NAMED }), () => {}),
      errorPages,
    );
  return new Response(null, {
    status: 204,
    headers: {
      ...privateHeaders,
      "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      "Access-Control-Allow-Headers": `Content-Type, Authorization, ${headers.idempotencyKey}, ${headers.charge}, ${headers.credits}`,
      "Access-Control-Max-Age": "600",
    },
  });
}

const NOT_NAMED =
  "The page's origin is not named in the option cors of createAresServer. Nothing was charged.";
