import type { Msw } from "./msw";
import { noMsw } from "./noMsw";

/** msw, loaded by the first handlers: a test without them does without msw. */
export function loadMsw(): Msw {
  try {
    return require("msw");
  } catch (cause) {
    throw noMsw(cause);
  }
}
