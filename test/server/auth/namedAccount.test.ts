import { serve } from "@hono/node-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  clerkAuth,
  createAresServer,
  definePrices,
  memoryLedger,
  mintKey,
} from "../../../src/server";
import { type ClerkFake, createClerkFake } from "../../clerk/fake/clerkFake";
import { json } from "../world";

const origin = "http://localhost:3000";
let clerk: ClerkFake;
let apiUrl: string;
let close: () => void;

beforeEach(async () => {
  clerk = await createClerkFake({ users: [{ id: "user_ann" }] });
  await new Promise<void>((ready) => {
    const server = serve({ fetch: clerk.backend, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
      apiUrl = `http://127.0.0.1:${port}`;
      close = () => server.close();
      ready();
    });
  });
});
afterEach(() => close());

/** From now on Clerk answers with one token for each of these accounts. */
function connected(...accounts: string[]) {
  const expires_at = Math.floor(Date.now() / 1000) + 1800;
  const tokens = accounts.map((id) => ({
    object: "oauth_access_token",
    token: `of-${id}`,
    external_account_id: id,
    expires_at,
  }));
  clerk.fail({ api: "backend", times: 20, body: JSON.stringify(tokens) });
}

/** An app whose ARES answers a charge with the result of `reply`. `charged` holds the tokens that paid. */
function openApp(
  reply: (sends: number) => Promise<Response> | Response = () => json(200, { message: "Success" }),
) {
  const { publishableKey, secretKey, jwtKey } = clerk;
  const charged: string[] = [];
  let sends = 0;
  const { handler } = createAresServer({
    clientId: "client-1",
    prices: definePrices({ image: 4 }),
    ledger: memoryLedger(),
    auth: clerkAuth({ publishableKey, secretKey, jwtKey, authorizedParties: [origin], apiUrl }),
    ares: {
      fetch: async (url, init) => {
        const token = new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "";
        if (String(url).endsWith("/v1/user"))
          return json(200, { message: "Success", user: { id: token, credits: 50 } });
        sends += 1;
        const answer = await reply(sends);
        if (answer.ok) charged.push(token);
        return answer;
      },
    },
  });
  const call = async (account: string, init: RequestInit = {}) => {
    const headers = new Headers({
      authorization: `Bearer ${await clerk.sessionToken("user_ann")}`,
      "Content-Type": "application/json",
    });
    headers.set("Idempotency-Key", mintKey(Date.now()));
    return handler(new Request(`${origin}/api/ares?account=${account}`, { headers, ...init }));
  };
  return {
    charged,
    read: call,
    charge: (account: string) =>
      call(account, { method: "POST", body: JSON.stringify({ usage: "image" }) }),
  };
}

describe("a charge from a page that names the account it sees", () => {
  it("is taken from that one", async () => {
    connected("eac_7", "eac_8");
    const { charge, charged } = openApp();

    expect((await charge("eac_8")).status).toBe(200);
    expect(charged).toEqual(["of-eac_8"]);
  });

  it("is taken from that one also when its token is refused while another page reads the other one", async () => {
    connected("eac_7", "eac_8");
    const { charge, charged, read } = openApp(async (sends) => {
      if (sends > 1) return json(200, { message: "Success" });
      await read("eac_7");
      return json(401, { error: "Invalid token" });
    });

    await charge("eac_8");

    expect(charged.filter((token) => token !== "of-eac_8")).toEqual([]);
  });

  it("is refused when that one is no longer connected", async () => {
    connected("eac_7");
    const { charge, charged } = openApp();

    expect(await (await charge("eac_8")).json()).toMatchObject({ code: "not_connected" });
    expect(charged).toEqual([]);
  });

  it.each(["idn_8", "", `eac_${"8".repeat(61)}`, "eac_8 "])(
    "is taken from the account there is where the name can't be compared: %j",
    async (name) => {
      connected("eac_7");
      const { charge, charged } = openApp();

      expect((await charge(encodeURIComponent(name))).status).toBe(200);
      expect(charged).toEqual(["of-eac_7"]);
    },
  );
});
