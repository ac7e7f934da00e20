/** The POST of the partner guide's route file, with its calls in their order, and Clerk's package where the guide has it. */
import { createClerkClient } from "@clerk/backend";

/** @typedef {(request: Request) => Promise<Response>} Route */
/** Where the pretend servers are, and the keys of the pretend Clerk. @typedef {{ base: string, origin: string, publishableKey: string, secretKey: string, jwtKey: string }} Place */

/** @param {Place} place @param {"clerk" | "stub"} signIn @returns {Route} */
export function openGuide({ base, origin, ...keys }, signIn) {
  const clerk = createClerkClient({ ...keys, apiUrl: base, telemetry: { disabled: true } });

  /** @param {Request} request */
  async function readToken(request) {
    if (signIn === "stub") return "ares-token";
    const state = await clerk.authenticateRequest(request, { authorizedParties: [origin] });
    const userId = state.toAuth()?.userId;
    if (!userId) return null;
    const { data } = await clerk.users.getUserOauthAccessToken(userId, "custom_ares");
    return data[0]?.token ?? null;
  }

  return async (request) => {
    const accessToken = await readToken(request);
    if (!accessToken) return Response.json({ message: "Access token not found" }, { status: 401 });
    const { client_id, usage, credits } = await request.json();
    if (!client_id || !usage || credits === undefined)
      return Response.json({ message: "Missing required fields" }, { status: 400 });
    const answer = await fetch(`${base}/v1/partner/usage`, {
      method: "POST",
      headers: { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" },
      body: JSON.stringify({ client_id, usage, credits }),
    });
    if (!answer.ok)
      return Response.json(
        { error: `ARES API error: ${answer.status}` },
        { status: answer.status },
      );
    return Response.json(await answer.json());
  };
}
