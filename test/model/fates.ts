import type { AresReply } from "../../src/server/ares/classify";
import type { SendFate } from "./evidence";

interface Fate {
  status: Exclude<SendFate, "open">;
  deducts: boolean;
  /** `null` never answers. */
  reply: AresReply | null;
}

const said = (status: number, body?: unknown): AresReply => ({
  status: "answered",
  http: status,
  body,
});
const lost: AresReply = { status: "lost" };
const success = said(200, { message: "Success" });

/** What ARES may do with a call, and what its caller then receives. */
const table: readonly Fate[] = [
  { status: "charged", deducts: true, reply: success },
  { status: "charged", deducts: true, reply: success },
  {
    status: "charged",
    deducts: true,
    reply: said(200, { message: "Success", usage: {}, user: { credits: 12 } }),
  },
  { status: "ambiguous", deducts: true, reply: lost },
  { status: "ambiguous", deducts: true, reply: said(500, {}) },
  { status: "ambiguous", deducts: true, reply: said(200) },
  { status: "ambiguous", deducts: true, reply: null },
  { status: "ambiguous", deducts: false, reply: null },
  { status: "ambiguous", deducts: false, reply: said(502) },
  { status: "ambiguous", deducts: false, reply: lost },
  { status: "nothing", deducts: false, reply: { status: "not_sent" } },
  { status: "nothing", deducts: false, reply: said(401, { error: "Invalid token" }) },
  { status: "nothing", deducts: false, reply: said(403, { error: "Token expired" }) },
  { status: "nothing", deducts: false, reply: said(429, "{}") },
  { status: "declined", deducts: false, reply: said(402, { error: "Insufficient credits" }) },
  { status: "declined", deducts: false, reply: said(404, { error: "Not found" }) },
];

export function fates(n: number): Fate {
  const fate = table[n % table.length];
  if (!fate) throw new Error("There is a fate for every number.");
  return fate;
}
