import type { AresError, ServerErrorCode } from "../contract";
import { refuse } from "../server/index";

/**
 * Why a connection did not come about. The name stands in the address of the way back, as `ares_connect`; the words are on
 * the page, or in the answer to a POST.
 */
export type ConnectFailure =
  | "not_signed_in"
  | "look_only"
  | "return_rejected"
  | "not_started"
  | "other_user"
  | "denied"
  | "failed"
  | "no_account"
  | "account_taken"
  | "unavailable";

const table: Record<ConnectFailure, { code: ServerErrorCode; words: string }> = {
  not_signed_in: {
    code: "not_signed_in",
    words: "You are not signed in, so ARES was not connected. Sign in and connect ARES again.",
  },
  look_only: {
    code: "not_allowed",
    words:
      "This session may look and not change anything, so ARES was not connected. Sign in as yourself and connect ARES again.",
  },
  return_rejected: {
    code: "invalid_request",
    words:
      "The address to return to is not a page of this app, so ARES was not connected. Go back to the app and connect ARES there.",
  },
  not_started: {
    code: "invalid_request",
    words:
      "This browser has not begun to connect ARES, or began more than ten minutes ago. Nothing was connected. Go back to the app and connect ARES again.",
  },
  other_user: {
    code: "other_user",
    words:
      "Another user is signed in now than the one who began to connect ARES. Nothing was connected. Go back to the app and connect ARES again.",
  },
  denied: {
    code: "not_allowed",
    words:
      "You did not allow the connection to ARES. Nothing was connected, and nothing was charged. You can connect ARES whenever you like.",
  },
  failed: {
    code: "not_allowed",
    words:
      "ARES did not accept this connection. Nothing was connected. Go back to the app and connect ARES again.",
  },
  no_account: {
    code: "ares_unreachable",
    words:
      "ARES did not say whose account this is. Nothing was connected. Go back to the app and connect ARES again in a moment.",
  },
  account_taken: {
    code: "not_allowed",
    words:
      "This ARES account is connected to another user of this app. Nothing was connected. Disconnect it there, or use another ARES account.",
  },
  unavailable: {
    code: "auth_unavailable",
    words:
      "ARES could not be connected now. Nothing was charged. Go back to the app and connect ARES again in a moment.",
  },
};

/** A connection that did not come about, with where the user goes back to. */
export class ConnectRefusal {
  constructor(
    readonly failure: ConnectFailure,
    readonly returnTo: string,
    /** For the app's log. */
    readonly cause?: unknown,
  ) {}

  get words(): string {
    return table[this.failure].words;
  }

  asError(): AresError {
    const { code, words } = table[this.failure];
    return refuse(code, {}, { message: words, cause: this.cause });
  }
}

/** A page with a refusal's words, and a link back to where the user was. */
export function wordsPage(words: string, back: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>ARES was not connected</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}</style>
<h1>ARES was not connected</h1>
<p role="alert">${escaped(words)}</p>
<p><a href="${escaped(back)}">Back to the app</a></p>
</html>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
