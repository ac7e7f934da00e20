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
    const name = error instanceof Error ? error.name : typeof error;
    const frame =
      error instanceof Error
        ? (/\n\s*(at .*)/.exec(error.stack?.replace(error.message, "") ?? "")?.[1] ?? "")
        : "";
    const line = `ARES: ${isSafe && error instanceof Error ? String(error) : `${name} ${frame}`.trim()}`;
    if (printed.has(line) || printed.size >= MOST) return;
    printed.add(line);
    console.error(
      isSafe
        ? line
        : `${line}. Its text is not printed, because it may hold secrets. Pass onError to createAresServer to get the error.`,
    );
  };
}

/** Keeps a broken listener from changing an answer about money, and from ending the process. */
export function guarded<T>(listener: ((value: T) => unknown) | undefined): (value: T) => void {
  return (value) => void (async () => listener?.(value))().catch(() => {});
}
