import { digest } from "./digest";

/** The longest input of a charge, in bytes of its text. */
export const maxInputBytes = 2 * 1024;

/** The longest input in the address of a GET, in bytes. */
export const maxAskedInputBytes = 512;

const MAX_DEPTH = 32;

/**
 * The one text of a plain JSON value: members sorted by name, no spaces. Members that are undefined are left out, as JSON does.
 * Undefined for every other value: an instance of a class, a function, `NaN`, a deep or circular value.
 */
export function inputText(value: unknown, depth = 0): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean")
    return JSON.stringify(value);
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : undefined;
  if (typeof value !== "object" || depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    const items = Array.from(value, (each: unknown) => inputText(each, depth + 1));
    return items.includes(undefined) ? undefined : `[${items.join()}]`;
  }
  if (!isPlain(value)) return undefined;
  const members = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = members.map(([name, each]: [string, unknown]) => {
    const text = inputText(each, depth + 1);
    // Code that copies such a member sets a prototype.
    return text === undefined || name === "__proto__"
      ? undefined
      : `${JSON.stringify(name)}:${text}`;
  });
  return texts.includes(undefined) ? undefined : `{${texts.join()}}`;
}

/** True for an object of braces, also of another window or of a test's own globals. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    (typeof prototype === "object" && Object.getPrototypeOf(prototype) === null)
  );
}

/** How long a text is in UTF-8. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** What the ledger and receipts keep of an input. The input itself is never stored. */
export function inputDigest(text: string): Promise<string> {
  return digest(["input", text]);
}
