import { parseUrl } from "../parseUrl";
import { refuse } from "../refusals";

/** The pages that may call this app, besides its own. */
export interface NamedSites {
  /** Other names of the app's own origin. With one, no other name is believed. */
  origins: readonly string[];
  /** Other origins, whose pages may read answers too. */
  cors: readonly string[];
}

/**
 * Refuses a POST that another site could have caused. A browser names the page that sends a request.
 * A caller that is no browser must send a bearer token, not only cookies.
 *
 * @source OWASP, Cross-Site Request Forgery Prevention: Fetch Metadata, falling back to Origin.
 */
export function checkOrigin(request: Request, sites: NamedSites): void {
  const source = sourceOf(request, sites);
  if (source === "own") return;
  if (source === "unsaid" && /^Bearer \S/.test(request.headers.get("Authorization") ?? "")) return;
  throw refuse("origin_rejected", {}, { message: source === "unsaid" ? UNSAID : OTHER });
}

const UNSAID =
  "The request has neither an Origin nor an Authorization header. Nothing was charged. A browser sends Origin by itself: a proxy may drop it. Other callers send a bearer token. Origins behind a proxy are named in the option origins.";
const OTHER =
  "The request is not from a page of this app. Nothing was charged. If the page is yours, name its origin in an option of createAresServer: in origins behind a proxy, in cors for another origin.";

/** As `checkOrigin`, but a GET may also come from a typed address or from a caller that is no browser. */
export function checkSite(request: Request, sites: NamedSites): void {
  const reads = request.method === "GET" || request.method === "HEAD";
  (reads ? refuseOtherSites : checkOrigin)(request, sites);
}

/**
 * True for a page that the user opens by a link, wherever the link stands: in a mail, on a sister domain. The page of the link
 * can't read the answer, and the user sees where they went.
 */
export function isFollowedLink({ method, headers }: Request): boolean {
  return (
    method === "GET" &&
    headers.get("Sec-Fetch-Mode") === "navigate" &&
    headers.get("Sec-Fetch-Dest") === "document"
  );
}

/** Refuses only a request that the browser says comes from another site. */
export function refuseOtherSites(request: Request, sites: NamedSites): void {
  if (sourceOf(request, sites) === "other") throw refuse("origin_rejected", {}, { message: OTHER });
}

/** The page that a request comes from. `typed`: the user typed the address. `unsaid`: no browser, or an old one. */
function sourceOf(
  request: Request,
  { origins, cors }: NamedSites,
): "own" | "other" | "typed" | "unsaid" {
  const site = request.headers.get("Sec-Fetch-Site");
  const origin = request.headers.get("Origin");
  if (origin !== null && (origins.includes(origin) || cors.includes(origin))) return "own";
  if (site === "none") return "typed";
  if (site !== null) return site === "same-origin" ? "own" : "other";
  if (origin === null) return "unsaid";
  return origins.length === 0 && isOwn(origin, request) ? "own" : "other";
}

/**
 * True for the origin that the browser asked. A framework may put a name of its own into the address: `next dev` says
 * localhost to a phone. `Host` and a proxy's `X-Forwarded-Host` hold the name that the browser used. A page can set neither.
 */
function isOwn(origin: string, { url, headers }: Request): boolean {
  const own = new URL(url);
  if (origin === own.origin) return true;
  const page = parseUrl(origin);
  const scheme =
    headers.get("X-Forwarded-Proto")?.split(",")[0]?.trim() ?? own.protocol.slice(0, -1);
  // A page without TLS may be anybody's on the way.
  if (!page || (page.protocol === "http:" && scheme !== "http")) return false;
  const asked = [headers.get("Host"), headers.get("X-Forwarded-Host")?.split(",")[0]?.trim()];
  return asked.includes(page.host);
}
