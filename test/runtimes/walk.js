/**
 * Walks once through the parts that a runtime could break, with web standards only. Returns the results; `promises.js`
 * has the expected ones.
 *
 * @param {(init: RequestInit & { query?: string }) => Promise<Response>} ask the app's endpoint
 * @param {() => Promise<{ deductions: string[], calls: number }>} ares what ARES has seen so far
 */
export async function walk(ask, ares) {
  const newKey = () => `${Date.now()}-${crypto.randomUUID()}`;
  /** @param {string} key @param {string} body */
  const post = async (key, body) =>
    told(
      await ask({
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
        body,
      }),
    );
  /** @param {string} key @param {Record<string, unknown>} intent */
  const charge = (key, intent) => post(key, JSON.stringify(intent));

  const balance = await told(await ask({ method: "GET" }));

  const key = newKey();
  const charged = await charge(key, { usage: "export-pdf", credits: 1 });
  const replayed = await charge(key, { usage: "export-pdf", credits: 1 });

  const busyKey = newKey();
  await Promise.all(
    Array.from({ length: 8 }, () => charge(busyKey, { usage: "export-pdf", credits: 1 })),
  );
  const after8AtOnce = await charge(busyKey, { usage: "export-pdf", credits: 1 });

  const wrongPrice = await charge(newKey(), { usage: "export-pdf", credits: 5 });

  const lostKey = newKey();
  const lost = await charge(lostKey, { usage: "lost-answer", credits: 2 });
  const { calls: before } = await ares();
  const lostAgain = await charge(lostKey, { usage: "lost-answer", credits: 2 });
  const malformed = await post(newKey(), '{ "usage": ');
  const { calls: after } = await ares();

  const { credits } = await told(await ask({ method: "GET" }));
  const { deductions } = await ares();
  return {
    balance,
    charged,
    replayed,
    after8AtOnce,
    wrongPrice,
    lost,
    lostAgain,
    malformed,
    callsForALostChargeAgainAndAMalformedOne: after - before,
    credits,
    deductions,
  };
}

/** @param {Response} response */
async function told(response) {
  const body = await response.json();
  return {
    http: response.status,
    state: body.status === "charged" ? "charged" : (body.code ?? body.message),
    credits: body.user?.credits ?? null,
    replayed: response.headers.get("Idempotency-Replayed") === "true",
  };
}
