/** Next.js runs this once when a server starts. In your own app, `ledger.setup()` belongs to the migrations. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { ledger } = await import("@/lib/ares");
  await ledger.setup();
}
