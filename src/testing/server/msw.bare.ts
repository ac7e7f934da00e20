import type { Msw } from "./msw";
import { noMsw } from "./noMsw";

/** Server code of an app is bundled without msw, so no handlers can be made there. */
export function loadMsw(): Msw {
  throw noMsw(undefined);
}
