/** The error of handlers that are made where msw can't be loaded. */
export function noMsw(cause: unknown): Error {
  return new Error(
    "aresHandlers needs the package msw, which could not be loaded. Run: npm install -D msw",
    { cause },
  );
}
