import assert from "node:assert/strict";
import { mintKey } from "ares-react";
import { aresHandlers, createAresSimulator } from "ares-react/testing";
import { setupServer } from "msw/node";

const endpoint = "https://app.example/api/ares";
const simulator = createAresSimulator({ users: { ada: 10 } });
const server = setupServer(...aresHandlers({ simulator }));
server.listen({ onUnhandledRequest: "error" });

const account = await fetch(endpoint);
assert.equal(account.status, 200);
assert.equal((await account.json()).user.credits, 10);

const press = { "Content-Type": "application/json", "Idempotency-Key": mintKey(Date.now()) };
for (const replayed of ["false", "true"]) {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: press,
    body: JSON.stringify({ usage: "export-pdf" }),
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("Idempotency-Replayed"), replayed);
  assert.equal((await answer.json()).status, "charged");
}
assert.equal(simulator.charges.length, 1);

server.close();
console.log("the handlers answer, and charge one key once");
