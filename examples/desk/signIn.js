import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(scrypt);
const SESSION_MS = 8 * 60 * 60 * 1000;
const MOST_TRIES = 5;
const CLOSED_MS = 60_000;

/** The hash of a password, as `DESK_OPERATORS` holds it. */
export async function hashOf(password, salt = randomBytes(16).toString("base64url")) {
  const hash = await derive(password, salt, 32);
  return `${salt}.${hash.toString("base64url")}`;
}

/**
 * The sign-in of operators. `operators` is an object of names and hashes; `secret` signs the cookie. Whoever is taken out of
 * `operators` is signed out.
 */
export function createSignIn({ operators, secret, secure, now = Date.now }) {
  const known = new Map(Object.entries(operators));
  const tries = new Map();
  const signatureOf = (text) => createHmac("sha256", secret).update(text).digest("base64url");
  const cookieOf = (value, maxAgeS) =>
    `desk=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${secure ? "; Secure" : ""}`;

  /** The operator behind a request, or undefined. */
  function operatorOf(request) {
    const [, name = "", ends = "", signature = ""] =
      /(?:^|; )desk=([\w-]+)\.(\d+)\.([\w-]+)/.exec(request.headers.get("Cookie") ?? "") ?? [];
    const isSigned = isSame(signature, signatureOf(`${name}.${ends}`));
    return isSigned && Number(ends) > now() && known.has(name) ? name : undefined;
  }

  /** Counts a try before the password is looked at: tries at the same instant count too. */
  function mayTry(name) {
    const recent = (tries.get(name) ?? []).filter((at) => at > now() - CLOSED_MS);
    if (recent.length >= MOST_TRIES) return false;
    tries.set(name, [...recent, now()]);
    return true;
  }

  /** The cookie of an operator whose password is right; undefined for any other. */
  async function cookieFor(name, password) {
    // A name that nobody has takes as long as one that somebody has.
    const stored = known.get(name) ?? "nobody.nobody";
    const isOpen = !known.has(name) || mayTry(name);
    const isRight = isOpen && isSame(await hashOf(password, stored.split(".")[0]), stored);
    if (!isRight || !known.has(name)) return undefined;
    tries.delete(name);
    const ends = now() + SESSION_MS;
    return cookieOf(`${name}.${ends}.${signatureOf(`${name}.${ends}`)}`, SESSION_MS / 1000);
  }

  return { operatorOf, cookieFor, noCookie: cookieOf("", 0) };
}

function isSame(a, b) {
  const [one, two] = [Buffer.from(a), Buffer.from(b)];
  return one.length === two.length && timingSafeEqual(one, two);
}
