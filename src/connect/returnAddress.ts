export interface ReturnRules {
  /** The address of the connect route: the redirect URI without `/callback`. */
  route: URL;
  /** Other origins that a user may be sent back to. */
  cors: readonly string[];
}

/** The longest address. It travels in a cookie. */
const MAX_LENGTH = 1_024;

/**
 * Where a user is sent back to: the home page without an address, null for an address that is not allowed.
 *
 * An address is read as a browser reads it, from the page's own origin. `//host` and `\host` lead to another host, and
 * the connect route itself would begin again.
 */
export function returnAddress(asked: string | null, { route, cors }: ReturnRules): string | null {
  const text = asked === null || asked === "" ? "/" : asked;
  if (text.length > MAX_LENGTH || /[\\\p{Cc}]/u.test(text) || text.startsWith("//")) return null;
  const address = parsed(text, route.origin);
  if (!address || address.username || address.password) return null;
  if (address.protocol === "blob:") return null;
  if (address.origin !== route.origin) return cors.includes(address.origin) ? address.href : null;
  const path = decoded(address.pathname);
  const isRoute = path === route.pathname || path.startsWith(`${route.pathname}/`);
  return isRoute ? null : address.href;
}

function parsed(text: string, base: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** A path as a router may read it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
