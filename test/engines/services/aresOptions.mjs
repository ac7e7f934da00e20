/** An app as `ares-react prove` tries it: what its module gives to createAresServer. The engine and the cap come from the trial. */
import { readSetup } from "./listen.mjs";
import { openLedger } from "./openLedger.mjs";

const { ledger: choice, prices, spendCap } = readSetup();
const { ledger } = await openLedger(choice);

export const aresOptions = {
  clientId: "engines-app",
  prices,
  ledger,
  // Nobody meets this cap unless the trial names a lower one, but each charge is counted as under any cap.
  spendCap: { perMinute: 1_000_000, perDay: 1_000_000, ...spendCap },
};
