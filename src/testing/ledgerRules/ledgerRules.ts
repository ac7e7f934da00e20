import { bookRules } from "./book";
import { claimRules } from "./claim";
import { claimLimitRules } from "./claimLimit";
import { crowdRules, keyRules } from "./crowd";
import type { LedgerRule } from "./desk";
import { eraseRules } from "./erase";
import { keepRules } from "./keep";
import { redeemRules } from "./redeem";
import { replayRules } from "./replay";
import { resolveRules } from "./resolve";
import { sendRules } from "./send";
import { spendingRules } from "./spending";

/**
 * Lists the laws that every ledger keeps, as plain data for any test runner and any engine.
 *
 * Each rule works on its own rows and waits some tens of milliseconds at most, on the ledger's real clock.
 * Run the rules on the engine's production set-up: 1,000 claims at once mean little on one connection.
 *
 * @example
 * for (const { title, run } of ledgerRules) {
 *   test(`a ledger ${title}`, () => run(ledger))
 * }
 */
export const ledgerRules: readonly LedgerRule[] = [
  ...claimRules,
  ...replayRules,
  ...keyRules,
  ...claimLimitRules,
  ...sendRules,
  ...spendingRules,
  ...redeemRules,
  ...resolveRules,
  ...bookRules,
  ...keepRules,
  ...eraseRules,
  ...crowdRules,
];
