/** One server of an app that charges in a way that is in use elsewhere. */
import { carelessRoute } from "./carelessRoute.mjs";
import { listen, readSetup } from "./listen.mjs";
import { createAccessToken } from "./tokens.mjs";

const { ares, ledger, timeoutMs, route } = readSetup();
const accessToken = createAccessToken(ares);

listen(
  await carelessRoute(route, { ares, clientId: "engines-app", accessToken, ledger, timeoutMs }),
);
