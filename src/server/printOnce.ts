import { isAresError } from "../contract";
import { inDevelopment } from "./development";

/** The most errors that are remembered as printed. */
const MOST = 100;

/**
 * Prints each error once, by its name and place. The text may hold secrets, so only development prints the text.
 * The hints of this kit begin with "ARES: " and hold none.
 */
export function printOnce(): (error: unknown) => void {
  const printed = new Set<string>();

  return (error) => {
    const isSafe = inDevelopment() || (isAresError(error) && error.message.startsWith("ARES: "));
    const line = `ARES: ${isSafe && error instanceof Error ? String(error) : nameOf(error)}`;
    if (printed.has(line) || printed.size >= MOST) return;
    printed.add(line);
    console.error(isSafe ? line : `${line}. ${NO_TEXT}`);
  };
}

const NO_TEXT =
  "Its text is not printed, because it may hold secrets. Pass onError to createAresServer to get the error.";

/** What kind of error it is and where it was thrown, without its text. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const stack = error.stack?.replace(error.message, "") ?? "";
  const frame = /\n\s*(at .*)/.exec(stack)?.[1] ?? "";
  return `${error.name} ${frame}`.trim();
}

/** Keeps a broken listener from changing an answer about money, and from ending the process. */
export function guarded<T>(listener: ((value: T) => unknown) | undefined): (value: T) => void {
  return (value) => void (async () => listener?.(value))().catch(() => {});
}
