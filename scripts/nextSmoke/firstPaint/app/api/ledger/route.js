import "../../../lib/ares";

/** Breaks the ledger, or repairs it. */
export async function POST(request) {
  globalThis.smoke.down = (await request.text()) === "down";
  return new Response(null, { status: 204 });
}
