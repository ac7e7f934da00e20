import { type LookUp, meaningOf, mintKey } from "../../contract";
import { type Answer, aresError, errorOf } from "../answer";
import { within } from "../connection";
import type { AresClient } from "../createAresClient";
import { lookUpsOf } from "../lookups";
import { createPendingKeys, type PendingKeys } from "../pendingKeys";
import { shortHash } from "../shortHash";
import { createTabLock, type TabLock } from "../tabs";

/** The parts that all charges of one user on this page share. */
export interface Session {
  client: AresClient;
  /** Asks one question by GET, together with the others of this tick, unless it is no longer wanted then. */
  lookUp: (asked: LookUp, isWanted: () => boolean) => Promise<Answer>;
  keys: PendingKeys;
  /** The keys whose paid charge was delivered on this page. A later press is another intent. */
  delivered: Set<string>;
  mint: () => string;
  /** Runs `work` while no other tab of this user stores a key for the same target. */
  withTabLock: TabLock;
  /**
   * Waits for the endpoint's first answer, and asks for it where nothing has: only then the page knows whose key it mints, and
   * whether an answer without the handler's header is somebody else's. Undefined once the answer is there. @throws {AresError}
   */
  firstAnswer: () => Promise<void> | undefined;
}

export function createSession(client: AresClient): Session {
  const { endpoint, userKey = "", storage, locks, newKey = mintKey } = client.options;
  const name = `ares:${shortHash(endpoint + userKey)}:`;
  /** The first press's own question, while it is out. */
  let asking: Promise<void> | undefined;

  return {
    client,
    lookUp: lookUpsOf(client).lookUp,
    keys: createPendingKeys(name, () => storage ?? localStorage, client.now),
    delivered: new Set(),
    // Keys are minted on the server's clock, once an answer has told it.
    mint: () => newKey(client.serverNow()),
    withTabLock: createTabLock(name, () => locks ?? globalThis.navigator?.locks),
    firstAnswer() {
      if (client.answered || client.owner !== undefined) return undefined;
      asking ??= ask(client).finally(() => {
        asking = undefined;
      });
      return within(FIRST_MS, asking);
    },
  };
}

/** How long a press waits for the endpoint's first answer. */
const FIRST_MS = 10_000;

/** Asks who is signed in, and what kind of endpoint this is. @throws {AresError} */
async function ask(client: AresClient): Promise<void> {
  // The balance would need ARES, which a charge that was paid before does not.
  const answer = await client.readCharges();
  if (client.answered) return;
  const error = errorOf(answer);
  // Nothing was sent, so nothing is open.
  throw meaningOf(error.code).money === "open" ? aresError("network_error") : error;
}
