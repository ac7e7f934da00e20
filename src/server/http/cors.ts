import { headers } from "../../contract";
import { refuse } from "../refusals";
import { problem, refusalOf } from "./answers";
import { noWebRequest } from "./readRequest";

interface Crossing {
  cors: readonly string[];
  errorPages?: string | undefined;
}

type Route<Args extends readonly unknown[]> = (request: Request, ...args: Args) => Promise<Response>;

/** Lets pages of the named origins call a route and read its answers, and answers the browser's preflight. */
export function crossOrigin({ cors, errorPages }: Crossing): <Args extends readonly unknown[]>(route: Route<Args>) => Route<Args> {
  return (route) =>
    cors.length === 0
      ? route
      : async (request, ...args) => {
          if (noWebRequest(request)) return route(request, ...args);
          const origin = request.headers.get("Origin") ?? "";
          const named = cors.includes(origin);
          const told = request.method === "OPTIONS" ? preflight(named, errorPages) : await route(request, ...args);
          // Such an answer, like Response.error(), can't be copied. No page can read it either.
          if (told.status < 200) return told;
          const answer = varied(told);
          if (!named) return answer;
          answer.headers.set("Access-Control-Allow-Origin", origin);
          answer.headers.set("Access-Control-Allow-Credentials", "true");
          for (const name of EXPOSED) answer.headers.append("Access-Control-Expose-Headers", name);
          return answer;
        };
}

const EXPOSED = [headers.contract, headers.pretend, headers.replayed, headers.retryAfter];

/** The answer to a preflight. A browser sends a preflight without cookies, so nobody is signed in here. */
function preflight(named: boolean, errorPages: string | undefined): Response {
  if (!named)
    return problem(
      refusalOf(refuse("origin_rejected", {}, { message: NOT_NAMED }), () => {}),
      errorPages,
    );
  return new Response(null, {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      "Access-Control-Allow-Headers": `Content-Type, Authorization, ${headers.idempotencyKey}, ${headers.charge}, ${headers.credits}`,
      "Access-Control-Max-Age": "600",
    },
  });
}

const NOT_NAMED = "The page's origin is not named in the option cors of createAresServer. Nothing was charged.";

/**
 * A copy of an answer, which keeps a cache from giving one origin's answer to another. The app's own answer stays as it is: its
 * headers may be locked, and it may serve other requests too.
 */
function varied(answer: Response): Response {
  const copy = new Response(answer.body, answer);
  copy.headers.append("Vary", "Origin");
  return copy;
}
