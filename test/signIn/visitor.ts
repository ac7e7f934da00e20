/** The browser of somebody who visits an app over HTTP: it keeps cookies, and follows a redirect only when it is told to. */
export interface Visitor {
  /** Opens an address. */
  get(address: string): Promise<Response>;
  /** Reads an address of the app, as a script of its pages does. */
  ask(address: string): Promise<Response>;
  /** Sends JSON, or a form, as a page does. */
  post(address: string, body?: object, headers?: Record<string, string>): Promise<Response>;
  /** Follows redirects until a page comes. */
  follow(response: Response): Promise<{ response: Response; address: string }>;
  /** What scripts of the app's pages send as `Authorization: Bearer`; null where the session is a cookie. */
  token: string | null;
  /** Forgets the cookies of a host, as after a sign-out there. */
  forget(hostname: string): void;
}

interface Cookie {
  host: string;
  path: string;
  name: string;
  value: string;
}

/** The longest way that a sign-in takes. */
const MOST_REDIRECTS = 12;

/** `elsewhere` says where an address is served in this test. */
export function createVisitor(
  origin: string,
  fetch: typeof globalThis.fetch,
  elsewhere: (address: URL) => URL,
): Visitor {
  let jar: Cookie[] = [];

  function keep(from: URL, line: string): void {
    const [pair = "", ...attributes] = line.split(/; */);
    const equals = pair.indexOf("=");
    const told = (name: string) =>
      attributes.find((each) => each.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const cookie = {
      host: from.hostname,
      path: told("path") ?? "/",
      name: pair.slice(0, equals),
      value: pair.slice(equals + 1),
    };
    jar = jar.filter(
      ({ host, path, name }) =>
        host !== cookie.host || path !== cookie.path || name !== cookie.name,
    );
    const isOver =
      Number(told("max-age") ?? 1) <= 0 || Date.parse(told("expires") ?? "") < Date.now();
    if (!isOver) jar.push(cookie);
  }

  const sentTo = ({ hostname, pathname }: URL) =>
    jar.filter(({ host, path }) => host === hostname && pathname.startsWith(path));

  async function go(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, origin);
    const headers = new Headers(init.headers);
    const cookies = sentTo(url).map(({ name, value }) => `${name}=${value}`);
    if (cookies.length > 0) headers.set("Cookie", cookies.join("; "));
    const response = await fetch(elsewhere(url), { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) keep(url, line);
    Object.defineProperty(response, "url", { value: url.href });
    return response;
  }

  function bearer(address: string): Record<string, string> {
    const isApp = new URL(address, origin).origin === origin;
    return isApp && visitor.token !== null ? { Authorization: `Bearer ${visitor.token}` } : {};
  }

  const visitor: Visitor = {
    token: null,
    get: (address) => go(address),
    ask: (address) => go(address, { headers: bearer(address) }),
    post(address, body = {}, headers = {}) {
      const isForm = body instanceof URLSearchParams;
      return go(address, {
        method: "POST",
        headers: {
          Origin: new URL(address, origin).origin,
          ...(!isForm && { "Content-Type": "application/json" }),
          ...bearer(address),
          ...headers,
        },
        body: isForm ? body : JSON.stringify(body),
      });
    },
    async follow(response) {
      let last = response;
      for (let count = 0; count < MOST_REDIRECTS; count += 1) {
        const location = last.headers.get("Location");
        if (last.status < 300 || last.status > 399 || location === null)
          return { response: last, address: last.url };
        last = await go(new URL(location, last.url).href);
      }
      throw new Error(`Redirected more than ${MOST_REDIRECTS} times, at last to ${last.url}.`);
    },
    forget(hostname) {
      jar = jar.filter(({ host }) => host !== hostname);
    },
  };
  return visitor;
}
