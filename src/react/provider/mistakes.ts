import { type AresClient, type AresUserAnswer, hint } from "../../client";
import { type AresError, isMistake, meaningOf } from "../../contract";

// Only development calls these functions. Their callers ask for it, so that bundlers drop the texts.

/** Says which prop the provider lacks: without it a user who must sign in or connect finds no button. */
export function hintAtMissing(status: keyof typeof ways): void {
  const [verb, prop] = ways[status];
  const other =
    status === "signed_out"
      ? ', or connect and signInWith="ares" where ARES signs your users in'
      : "";
  hint(
    `a user has to ${verb} now, but <AresProvider> has no ${prop}, so there is no button. Pass ${prop} to the provider${other}.`,
  );
}

const ways = {
  signed_out: ["sign in", "signIn"],
  not_connected: ["connect ARES", "connect"],
  reconnect: ["connect ARES again", "reconnect"],
} as const;

interface Gate {
  status: string;
  signIn?: unknown;
  connect?: unknown;
  reconnect?: unknown;
  error?: AresError | null;
}

/** Says why a gate has no next action, where that is a mistake of the app. */
export function hintAtGate(usage: string, gate: Gate, prices: AresUserAnswer["prices"]): void {
  const { status, error } = gate;
  if (
    (status === "signed_out" || status === "not_connected" || status === "reconnect") &&
    !gate[ways[status][1]]
  )
    hintAtMissing(status);
  if (status === "unavailable" && error) hintAtRefusal(usage, error, prices);
}

/** Says why a charge of this usage can never work, where that is a mistake of the app. */
export function hintAtRefusal(
  usage: string,
  { code, message }: AresError,
  prices: AresUserAnswer["prices"],
): void {
  if (code === "unknown_usage")
    hint(
      `the usage "${usage}" has no price on the server. Correct the name, or add it to definePrices.${publishedIn(prices)}`,
    );
  // An error without words of its own has been told at the endpoint.
  else if (isMistake(meaningOf(code)) && !message.endsWith(code))
    hint(`the usage "${usage}" can't be charged: ${code}. ${message}`);
}

function publishedIn(prices: AresUserAnswer["prices"]): string {
  return prices ? ` The server publishes prices of: ${Object.keys(prices).join(", ")}.` : "";
}

export function hintAtToken(): void {
  hint(
    "<AresProvider> has getToken but no userKey, so the next user of this browser may meet what the last one left open. Pass userKey: your app's id of the signed-in user.",
  );
}

/** Reads the user. Says so where the endpoint is none of this kit, or where the app could have saved the request. */
export const readingUser =
  (client: AresClient, endpoint: string, isTold: boolean) => (): Promise<AresUserAnswer> =>
    client.getUser().catch((error: AresError) => {
      if (error.code === "not_signed_in" && !isTold) hint(ASKED);
      if (error.code === "unexpected_response" || error.code === "invalid_request")
        hint(
          `${endpoint} does not answer like a route of ARES: no JSON, or not found. Give <AresProvider> the path of your route file as its endpoint, such as /api/ares.`,
        );
      throw error;
    });

const ASKED =
  'nobody is signed in, and the page had to ask for that: the 401 in the console is its answer. Pass session="signed_out" to <AresProvider> where your app knows it, or initial from ares.snapshot, and the page asks nothing.';
