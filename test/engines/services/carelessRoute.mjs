/**
 * Ways of charging that are in use elsewhere, and that must double charges in this harness. Without these double
 * charges the harness would prove nothing about the kit.
 */

/**
 * @typedef {{ ares: string, clientId: string, ledger: { port: number }, timeoutMs: number, accessToken(user: string): Promise<string> }} Parts
 * @typedef {(request: Request) => Promise<Response>} Route
 */

/**
 * @param {string} name
 * @param {Parts} parts
 * @returns {Promise<Route>}
 */
export async function carelessRoute(name, parts) {
  const { ares, clientId, accessToken, timeoutMs } = parts;

  /** One POST to ARES; throws when there is no answer. @param {Request} request */
  async function send(request) {
    const token = await accessToken(
      request.headers.get("Authorization")?.replace("Bearer ", "") ?? "",
    );
    const { usage } = await request.clone().json();
    return fetch(`${ares}/v1/partner/usage`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ client_id: clientId, usage, credits: 1 }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  /** A loop around the request, meant for robustness: every failed request is sent once more. @type {Route} */
  async function retriesOnce(request) {
    try {
      return await passOn(await send(request));
    } catch {
      return passOn(await send(request));
    }
  }

  /** A lock per key. An old lock is taken over, and every failure frees the lock. */
  async function deletesOnError() {
    const { Redis } = await import("ioredis");
    const redis = new Redis(parts.ledger.port, "127.0.0.1");
    redis.on("error", () => {});

    return /** @type {Route} */ async (request) => {
      const key = `careless:${request.headers.get("Idempotency-Key")}`;
      if ((await redis.set(key, "in progress", "PX", timeoutMs, "NX")) === null) {
        if ((await redis.get(key)) === "done") return success(true);
        return Response.json({ code: "charge_in_progress", retryable: true }, { status: 409 });
      }
      try {
        const answer = await passOn(await send(request));
        await redis.set(key, "done");
        return answer;
      } catch (error) {
        await redis.del(key);
        throw error;
      }
    };
  }

  const make = { retriesOnce: () => retriesOnce, deletesOnError }[name];
  if (!make) throw new Error(`There is no route "${name}".`);
  const route = await make();
  return (request) =>
    request.method === "POST"
      ? route(request).catch(() =>
          Response.json({ code: "internal", retryable: true }, { status: 500 }),
        )
      : Promise.resolve(Response.json({ message: "Success", charge: { status: "unknown" } }));
}

/** @param {Response} answer */
async function passOn(answer) {
  if (!answer.ok) throw new Error(`ARES API error: ${answer.status}`);
  await answer.json();
  return success(false);
}

/** @param {boolean} replayed */
function success(replayed) {
  return Response.json(
    { message: "Success", status: "charged" },
    { headers: { "Idempotency-Replayed": String(replayed) } },
  );
}
