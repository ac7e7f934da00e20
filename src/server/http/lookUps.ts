import type { Charge } from "../../contract";
import type { ChargeEngine } from "../charge/chargeEngine";
import { refuse } from "../refusals";
import { chargeState } from "./answers";
import { type Asked, HOW, isLookUp } from "./readQuery";

/** The answer to one look-up. `code` and `message` say why there is none. */
interface LookUp extends Asked {
  charge?: Charge;
  code?: string;
  message?: string;
}

/** The body of a GET with look-ups. `charge` is the first one's, for pages that ask for one and read no `answers`. */
export interface LookUps {
  charge?: Charge | undefined;
  answers: LookUp[];
}

/**
 * Looks up any number of resources in at most two round trips to the ledger. Only paid times and claims that have ended
 * need more. A look-up that is not valid does not spoil the others.
 */
export async function lookUp(engine: ChargeEngine, userId: string, asked: readonly Asked[]): Promise<LookUps> {
  const rows = await engine.findAll(userId, asked.filter(isLookUp));
  const granted = await engine.grantedOf(rows.flatMap((row) => (row?.status === "unknown" ? [row] : [])));
  const states = rows.map((row) => ({ ...chargeState(row), ...(row && granted.has(row.id) && { granted: true }) }));
  const { code, message } = refuse("invalid_request", {}, { message: HOW });
  const answers = asked.map((each): LookUp => {
    const charge = isLookUp(each) ? states.shift() : undefined;
    return charge ? { ...each, charge } : { ...each, code, message };
  });
  return { charge: answers[0]?.charge, answers };
}
