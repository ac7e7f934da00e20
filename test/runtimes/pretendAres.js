/**
 * The smallest ARES for a walk, with web standards only: one wallet, a book of deductions, a count of calls. The answer
 * to the usage "lost-answer" is lost after the deduction.
 */
export function createPretendAres() {
  /** @type {string[]} */
  const deductions = [];
  let calls = 0;
  let credits = 10;

  return {
    seen: () => ({ deductions: [...deductions], calls }),
    /** @param {string} address @param {{ method?: string, body?: BodyInit | null }} [request] */
    async fetch(address, { method = "GET", body = "" } = {}) {
      calls += 1;
      const { pathname } = new URL(address);
      if (pathname === "/v1/user" && method === "GET") {
        return Response.json({
          message: "Success",
          user: { id: "ann", email: "ann@app.example", credits },
        });
      }
      if (pathname !== "/v1/partner/usage" || method !== "POST")
        return Response.json({ error: "Not found" }, { status: 404 });

      const order = JSON.parse(await new Response(body).text());
      credits -= order.credits;
      deductions.push(`${order.usage}: ${order.credits}`);
      if (order.usage === "lost-answer") throw new TypeError("The connection was reset.");
      return Response.json({ message: "Success", usage: { usage: order.usage } });
    },
  };
}
