import { AresError, errorMessages } from "../contract";

/** What a sealed text is for. Each purpose has a key of its own. */
export type Purpose = "state" | "session" | "tokens";

/** Where a sealed text belongs. The same text in another place can't be opened. */
export interface Place {
  /** Empty where nobody is signed in yet. */
  userId: string;
  /** The column of a row, or the name of a cookie. */
  column: string;
  /** The version of a row; empty for a cookie. */
  version: string;
}

/** Encrypts what leaves the server's memory: AES-GCM, with keys that HKDF-SHA-256 makes of the app's secrets. */
export interface Sealing {
  /** @throws {AresError} `internal` while the app has no good secret. */
  seal(purpose: Purpose, place: Place, text: string): Promise<string>;
  /** The text; null for what no key opens: it was sealed elsewhere, for another place, or with a secret that is gone. */
  open(purpose: Purpose, place: Place, sealed: string): Promise<string | null>;
}

/** The app's secret, or several: the first encrypts, all decrypt. */
export type Secret = string | undefined | readonly (string | undefined)[];

const FORM = "v1";
const NONCE_BYTES = 12;
const SECRET_BYTES = 32;
const PURPOSES = ["state", "session", "tokens"] as const satisfies readonly Purpose[];

interface Keys {
  id: string;
  of: Record<Purpose, CryptoKey>;
}

/** Nothing is read before the first use, so that a build without secrets passes. */
export function createSealing(secret: Secret, clientId: string): Sealing {
  let loaded: Promise<[Keys, ...Keys[]]> | undefined;
  const keys = () => {
    loaded ??= loadKeys(secret);
    return loaded;
  };

  function algorithm(purpose: Purpose, { userId, column, version }: Place, iv: BufferSource) {
    const place = JSON.stringify([FORM, purpose, clientId, userId, column, version]);
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
  }

  return {
    async seal(purpose, place, text) {
      const [first] = await keys();
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const bytes = new TextEncoder().encode(text);
      const sealed = await crypto.subtle.encrypt(
        algorithm(purpose, place, nonce),
        first.of[purpose],
        bytes,
      );
      return [FORM, first.id, base64url(nonce), base64url(new Uint8Array(sealed))].join(".");
    },

    async open(purpose, place, sealed) {
      const [form, id, nonce, body, ...more] = sealed.split(".");
      const key = (await keys()).find((each) => each.id === id)?.of[purpose];
      const iv = bytesOf(nonce);
      const bytes = bytesOf(body);
      if (form !== FORM || more.length > 0 || !key || !iv || !bytes) return null;
      try {
        const text = await crypto.subtle.decrypt(algorithm(purpose, place, iv), key, bytes);
        return new TextDecoder().decode(text);
      } catch {
        return null;
      }
    },
  };
}

async function loadKeys(secret: Secret): Promise<[Keys, ...Keys[]]> {
  const texts = (Array.isArray(secret) ? secret : [secret]).filter(
    (each) => each !== undefined && each !== "",
  );
  const [first, ...others] = await Promise.all(texts.map(keysOf));
  if (!first) throw unusable("The secret of aresConnect is missing.");
  return [first, ...others];
}

async function keysOf(secret: string): Promise<Keys> {
  const bytes = bytesOf(secret.replace(/=+$/, ""));
  if (!bytes || bytes.length < SECRET_BYTES)
    throw unusable("A secret of aresConnect is not base64url of at least 32 random bytes.");
  const [base, digest] = await Promise.all([
    crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]),
    crypto.subtle.digest("SHA-256", new Uint8Array([...new TextEncoder().encode("id"), ...bytes])),
  ]);
  const [state, session, tokens] = await Promise.all(
    PURPOSES.map((purpose) => deriveKey(base, purpose)),
  );
  if (!state || !session || !tokens) throw new Error("A key is missing.");
  return {
    id: base64url(new Uint8Array(digest)).slice(0, 8),
    of: { state, session, tokens },
  };
}

function deriveKey(base: CryptoKey, purpose: Purpose): Promise<CryptoKey> {
  const info = new TextEncoder().encode(`ares-react/connect ${purpose}`);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** The words go to the app's log. The user sees only that something is wrong. */
function unusable(what: string): AresError {
  const words = `ARES: ${what} Nobody can connect ARES. Print one with npx ares-react secret, and keep it in the environment.`;
  return new AresError("internal", errorMessages.internal, {
    cause: new AresError("invalid_request", words),
  });
}

function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Undefined for a text that is no base64url. */
function bytesOf(text: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (text === undefined || !/^[\w-]*$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
