import { createRequire } from "node:module";
import { type AresHandlersOptions, type Msw, type MswHandlers, mswHandlers } from "./mswHandlers";
import { noMsw } from "./noMsw";

/** Under Node msw is loaded by the first handlers: a test without them does without msw. */
export function aresHandlers(options: AresHandlersOptions = {}): MswHandlers {
  return mswHandlers(loadMsw(), options);
}

function loadMsw(): Msw {
  try {
    return createRequire(import.meta.url)("msw");
  } catch (cause) {
    throw noMsw(cause);
  }
}
