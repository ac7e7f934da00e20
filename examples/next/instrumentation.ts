/** Next.js runs this once when a server starts. In an app of your own, `ledger.setup()` belongs to the migrations. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { ledger } = await import("@/lib/ares");
  await ledger.setup();
}
