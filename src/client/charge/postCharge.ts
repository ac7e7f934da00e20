import { keyHeader } from "../../contract";
import type { Answer } from "../answer";
import type { AresClient } from "../createAresClient";
import type { PendingKey } from "../pendingKeys";

/** Sends the one POST of a charge. The request leaves before the function returns. */
export function postCharge(
  { ask, options }: AresClient,
  { key, usage, resource, credits, owner }: PendingKey,
  authorized: Headers,
  input?: unknown,
): Promise<Answer> {
  authorized.set("Content-Type", "application/json");
  authorized.set(keyHeader, key);
  const body = JSON.stringify({
    usage,
    resource,
    input,
    credits,
    owner,
    client_id: options.clientId,
  });
  return ask([], { method: "POST", body, keepalive: true, headers: authorized });
}
