import { noMsw } from "./noMsw";

/** Server code of an app is bundled without msw, so no handlers can be made there. */
export function aresHandlers(): never {
  throw noMsw(undefined);
}
