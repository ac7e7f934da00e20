import { refuse } from "../refusals";

/**
 * Refuses a POST that another site could have caused: the browser says where a request comes from, and a
 * caller that is no browser must show a bearer token instead of relying on cookies.
 *
 * @source OWASP, Cross-Site Request Forgery Prevention: Fetch Metadata, falling back to Origin.
 */
export function checkOrigin(request: Request, origins: readonly string[]): void {
  const source = sourceOf(request, origins);
  if (source === "own") return;
  if (source === "unsaid" && /^Bearer \S/.test(request.headers.get("Authorization") ?? "")) return;
  throw refuse("origin_rejected");
}

/** As `checkOrigin`; a GET may also be a link the user followed or a caller that is no browser. */
export function checkSite(request: Request, origins: readonly string[]): void {
  const reads = request.method === "GET" || request.method === "HEAD";
  (reads ? refuseOtherSites : checkOrigin)(request, origins);
}

/** Refuses only what comes from elsewhere by the browser's own word, or by its origin where it has no other word for it. */
export function refuseOtherSites(request: Request, origins: readonly string[]): void {
  if (sourceOf(request, origins) === "other") throw refuse("origin_rejected");
}

/** Whose page a request comes from. `typed`: nobody's, by the browser's own word; `unsaid`: its sender is no browser, or an old one. */
function sourceOf(request: Request, origins: readonly string[]): "own" | "other" | "typed" | "unsaid" {
  const site = request.headers.get("Sec-Fetch-Site");
  const origin = request.headers.get("Origin");
  if (origin !== null && origins.includes(origin)) return "own";
  if (site === "none") return "typed";
  if (site !== null) return site === "same-origin" ? "own" : "other";
  if (origin === null) return "unsaid";
  return origins.length === 0 && origin === new URL(request.url).origin ? "own" : "other";
}
