const body = JSON.stringify({ usage: "image", credits: 1, client_id: "bench" });

/** One press of a user. @param {string} origin @param {string} token */
function pressOf(origin, token) {
  return new Request(`${origin}/api/ares`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Content-Length": `${body.length}`,
      "Sec-Fetch-Site": "same-origin",
      Authorization: `Bearer ${token}`,
      "Idempotency-Key": `${Date.now()}-${crypto.randomUUID().replaceAll("-", "")}`,
    },
    body,
  });
}

/** Charges once, and throws where that fails. @param {import("./guide.mjs").Route} route @param {string} origin @param {string} token */
export async function charge(route, origin, token) {
  const answer = await route(pressOf(origin, token));
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`A charge was answered ${answer.status}: ${text}`);
}

/** @param {() => Promise<unknown>} work @returns {Promise<number>} milliseconds */
export async function timed(work) {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
