import { aresError, type ChargeTarget, shortHash } from "../../client";
import { inputText } from "../../contract";

/** An argument of an action: what has a text, so that the same call is known again after a reload; or bytes, which have none. */
export type ActionArgument =
  | string
  | number
  | boolean
  | null
  | undefined
  | FormData
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream
  | readonly ActionArgument[]
  | { readonly [name: string]: ActionArgument };

/** How a call of an action is known again. */
export type CallName = Required<Pick<ChargeTarget, "call" | "joins">>;

/**
 * Names a call of an action by a digest of its arguments. Bytes can't be told apart, so calls with them have the name of their
 * action alone, and no two of them are equal.
 *
 * @throws {AresError} `invalid_request` for arguments that are neither plain JSON nor a form, a file or bytes.
 */
export function callOf(action: string, args: readonly unknown[]): CallName {
  if (hasBytes(args)) return bytesCallOf(action);
  const text = inputText(described(args));
  if (text === undefined) throw aresError("invalid_request", NO_TEXT, false);
  return { call: shortHash(JSON.stringify([action, text])), joins: true };
}

/** The name of an action's calls with bytes. A page finds such a call again before it knows its arguments. */
export function bytesCallOf(action: string): CallName {
  return { call: shortHash(JSON.stringify([action])), joins: false };
}

function hasBytes(value: unknown, depth = 0): boolean {
  if (value instanceof File) return false;
  if (value instanceof Blob || value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return true;
  if (value instanceof ReadableStream) return true;
  return depth < MAX_DEPTH && membersOf(value).some((each) => hasBytes(each, depth + 1));
}

function membersOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isPlain(value) ? Object.values(value) : [];
}

/** Plain JSON in place of forms and files. A file is known by its name, size, type and time. */
function described(value: unknown, depth = 0): unknown {
  if (value === undefined) return null;
  if (depth > MAX_DEPTH) return value;
  const describe = (each: unknown) => described(each, depth + 1);
  if (value instanceof File)
    return { file: [value.name, value.size, value.type, value.lastModified] };
  if (value instanceof FormData) return { form: [...value].map(describe) };
  if (Array.isArray(value)) return value.map(describe);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, describe(each)]));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A deeper value has no text. */
const MAX_DEPTH = 40;
const NO_TEXT =
  "ARES: an argument of this action is no plain JSON, form, file or bytes, so a repeated call could not be told from another. Nothing was sent.";
