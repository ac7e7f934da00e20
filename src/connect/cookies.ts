/** Cookies of the connection: only the server reads them, and a page of another site can't send a form with them. */
export interface CookieJar {
  read(request: Request, name: string): string | undefined;
  /** The names of the attempts that a browser has under way, oldest first. */
  attempts(request: Request): string[];
  set(name: string, value: string, maxAgeS: number): string;
  clear(name: string): string;
  /** The name of the cookie of an attempt. */
  attemptOf(state: string): string;
  /** The cookie of `session: "ares"`. */
  session: string;
}

/** The letters of a state that name its cookie. */
const NAME_LETTERS = 8;

/** `https` gives the prefix `__Host-`: no other host, no subdomain and no plain HTTP can set such a cookie. */
export function createCookieJar(isSecure: boolean): CookieJar {
  const prefix = isSecure ? "__Host-ares-" : "ares-";
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  const session = `${prefix}session`;
  const attempt = `${prefix}connect-`;

  return {
    session,
    attemptOf: (state) => `${attempt}${state.slice(0, NAME_LETTERS)}`,
    read: (request, name) => cookiesOf(request).find(([each]) => each === name)?.[1],
    // A browser sends older cookies first.
    attempts: (request) =>
      cookiesOf(request).flatMap(([name]) => (name.startsWith(attempt) ? [name] : [])),
    set: (name, value, maxAgeS) => `${name}=${value}; Max-Age=${maxAgeS}; ${attributes}`,
    clear: (name) => `${name}=; Max-Age=0; ${attributes}`,
  };
}

function cookiesOf({ headers }: Request): [name: string, value: string][] {
  const pairs = (headers.get("Cookie") ?? "").split(/; */);
  return pairs.flatMap((pair) => {
    const equals = pair.indexOf("=");
    return equals < 1 ? [] : [[pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()]];
  });
}
