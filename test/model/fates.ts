import type { AresReply } from "../../src/server/ares/classify";
import type { SendFate } from "./evidence";

interface Fate {
  is: Exclude<SendFate, "open">;
  deducts: boolean;
  /** `null` never answers. */
  reply: AresReply | null;
}

const said = (status: number, body?: unknown): AresReply => ({ is: "response", status, body });
const lost: AresReply = { is: "lost" };
const success = said(200, { message: "Success" });

/** What ARES may do with a call, and what the caller then hears. */
const table: readonly Fate[] = [
  { is: "charged", deducts: true, reply: success },
  { is: "charged", deducts: true, reply: success },
  { is: "charged", deducts: true, reply: said(200, { message: "Success", usage: {}, user: { credits: 12 } }) },
  { is: "ambiguous", deducts: true, reply: lost },
  { is: "ambiguous", deducts: true, reply: said(500, {}) },
  { is: "ambiguous", deducts: true, reply: said(200) },
  { is: "ambiguous", deducts: true, reply: null },
  { is: "ambiguous", deducts: false, reply: null },
  { is: "ambiguous", deducts: false, reply: said(502) },
  { is: "ambiguous", deducts: false, reply: lost },
  { is: "nothing", deducts: false, reply: { is: "not_sent" } },
  { is: "nothing", deducts: false, reply: said(401, { error: "Invalid token" }) },
  { is: "nothing", deducts: false, reply: said(403, { error: "Token expired" }) },
  { is: "nothing", deducts: false, reply: said(429, "{}") },
  { is: "declined", deducts: false, reply: said(402, { error: "Insufficient credits" }) },
  { is: "declined", deducts: false, reply: said(404, { error: "Not found" }) },
];

export function fates(n: number): Fate {
  const fate = table[n % table.length];
  if (!fate) throw new Error("There is a fate for every number.");
  return fate;
}
