import assert from "node:assert/strict";
import { aresConnect, memoryTokens } from "ares-react/connect";
import { createAresSimulator } from "ares-react/testing";

const route = "https://app.example/api/ares/connect";
const simulator = createAresSimulator({ users: { ada: 698 } });
let ms = Date.now();
const connection = aresConnect({
  clientId: "client-1",
  clientSecret: "secret-1",
  redirectUri: `${route}/callback`,
  secret: "A".repeat(43),
  tokens: memoryTokens({ now: () => ms }),
  session: () => "user-1",
  ares: { fetch: simulator.fetch },
  now: () => ms,
});

const start = await connection.GET(new Request(route));
const [cookie] = start.headers.getSetCookie()[0].split(";");
const consent = await simulator.fetch(`${start.headers.get("Location")}&auto`);
const callback = new Request(consent.headers.get("Location"), { headers: { cookie } });
assert.equal((await connection.GET(callback)).status, 303);

const token = () => connection.auth.forUser("user-1").getAccessToken();
const first = await token();
assert.equal(first, simulator.tokenOf("ada"));
ms += 30 * 60_000;
assert.notEqual(await token(), first);
console.log("a user connects, and their token is renewed");
