import { type AresErrorCode, errorTable, fromHundredths, isErrorCode } from "../../contract";
import type { ChargeRow, ErasedUser } from "./desk";

const timeOf = (ms: number | null) => (ms === null ? "-" : new Date(ms).toISOString());

const creditsOf = ({ hundredths }: Pick<ChargeRow, "hundredths">) =>
  hundredths === 100 ? "1 credit" : `${fromHundredths(hundredths)} credits`;

/** What a terminal acts on, or shows in another order: control characters, breaks of a line, marks of direction. */
const NOT_TEXT = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text as a terminal may show it, in one line. What stands in the place of a sign is its escape in JSON. */
function harmless(text: string): string {
  return text.replaceAll(
    NOT_TEXT,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One line of JSON, which means what it held before. */
export function jsonOf(value: object): string {
  return harmless(JSON.stringify(value));
}

/** A charge as one line of a list. */
export function lineOf(row: ChargeRow): string {
  const { id, status, userId, usage, resource, createdAt } = row;
  const what = resource === null ? usage : `${usage} ${resource}`;
  return harmless([timeOf(createdAt), status, creditsOf(row), what, userId, id].join("  "));
}

/** Everything that the row holds, and what follows from it. */
export function detailsOf(row: ChargeRow): string {
  const { outcome } = row;
  const facts: [string, unknown][] = [
    ["charge", row.id],
    ["status", row.status],
    ["user", row.userId],
    ["for", row.resource === null ? row.usage : `${row.usage}, ${row.resource}`],
    ["price", creditsOf(row)],
    ["key", row.key],
    ["created", timeOf(row.createdAt)],
    ["settled", timeOf(row.settledAt)],
    ["refused with", outcome.code],
    ["ARES's status", outcome.aresStatus],
    ["balance before", balanceOf(outcome.balanceBefore)],
    ["balance after", balanceOf(outcome.balanceAfter)],
    ["note", outcome.note],
    ["given back", row.releaseNote],
    ["used by", row.redeemedBy.join(", ") || undefined],
    ["its key gets", answerOf(row)],
    ["you can", adviceOf(row)],
  ];
  return facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => harmless(`${name.padEnd(15)}${value}`))
    .join("\n");
}

function balanceOf(hundredths: number | undefined): string | undefined {
  return hundredths === undefined ? undefined : creditsOf({ hundredths });
}

/** What the endpoint answers when the charge's own key is sent again. */
function answerOf({ status, outcome }: ChargeRow): string {
  switch (status) {
    case "charged":
      return "200, the same charge again; nothing is sent to ARES";
    case "declined":
      return refusal(isErrorCode(outcome.code) ? outcome.code : "declined");
    case "unknown":
      return refusal("outcome_unknown");
    case "claimed":
    case "sending":
      return refusal("charge_in_progress");
  }
}

const refusal = (code: AresErrorCode) => `${errorTable[code].status} ${code}`;

function adviceOf(row: ChargeRow): string {
  switch (row.status) {
    case "unknown":
      return 'look it up in ARES\'s books by user, usage and time, then: charges resolve <id> --to charged | not_charged --note "…"';
    case "charged":
      return row.redeemedBy.length > 0
        ? 'give its uses back, where the user got nothing: charges release <id> --note "…". ARES offers no refund'
        : "do nothing: it is paid. ARES offers no refund";
    case "declined":
      return "do nothing: nothing was charged. The user may press again";
    case "claimed":
    case "sending":
      return "wait: it is under way. A lost sender shows as unknown after its lease";
  }
}

/** What a verdict means for the money, before it is stored. */
export function consequenceOf(row: ChargeRow, to: "charged" | "not_charged"): string {
  const charge = harmless(`${creditsOf(row)} of user ${row.userId} for ${row.usage}`);
  return to === "charged"
    ? `${charge} will count as paid: the user gets what they pay for. Nothing is sent to ARES. Store this?`
    : `${charge} will count as not charged: the user may press again and is charged then. If ARES has taken them, they stay taken. Store this?`;
}

/** What giving uses back means, before it is stored. */
export function releaseOf(row: ChargeRow): string {
  return `${row.redeemedBy.length} use(s) of ${row.usage}, ${creditsOf(row)}, go back to user ${harmless(row.userId)}, who can have the work once more for this payment. No credits move. Store this?`;
}

/** What the verdicts of `reconcile` mean, before they are stored. */
export function verdictsOf(rows: readonly ChargeRow[], limit: number): string {
  const hundredths = rows.reduce((sum, row) => sum + row.hundredths, 0);
  const users = new Set(rows.map(({ userId }) => userId)).size;
  const judged = rows.length > limit ? `The ${limit} oldest of ` : "";
  return `${judged}${rows.length} unconfirmed charge(s), ${fromHundredths(hundredths)} credits of ${users} user(s), will be judged by the users' balances, and ended where a balance tells: as paid, or as not charged. Nothing is sent to ARES. Store these verdicts?`;
}

/** What erasing a user means, before it is done. */
export function erasureOf(userId: string, count: number): string {
  return `Up to ${count} charge(s) of user ${harmless(userId)} move under a random name that nobody keeps, and the user's ARES tokens go, where this package keeps them. This can't be undone. What the user has paid for reads as not paid afterwards: should the user return, it is sold again. Charges of the last 25 hours stay, and open ones with the charges beside them. Erase this user?`;
}

/** What erasing a user has done, and what is left to do. */
export function erasedOf({ moved, stay, open, until, tokens }: ErasedUser): string {
  const lines = [`${moved} charge(s) moved, ${stay} stay, ${open} of these are open.`];
  if (open > 0) lines.push("Resolve the open ones first: charges list --unknown --user <user id>.");
  if (stay > 0)
    lines.push(`Erase this user again${until === null ? "" : ` after ${timeOf(until)}`}.`);
  if (!tokens)
    lines.push("The app's sign-in keeps the user's ARES tokens: delete the user there too.");
  return lines.join("\n");
}
