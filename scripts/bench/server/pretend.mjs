/** A pretend ARES and a pretend Clerk over HTTP, in a process of their own: their work is not measured. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildClerkFake } from "../../../test/clerk/fake/build.mjs";

const folder = mkdtempSync(join(tmpdir(), "ares-clerk-fake-"));
const { createClerkFake } = await import(await buildClerkFake(folder));
rmSync(folder, { recursive: true });

const clerk = await createClerkFake({
  users: [{ id: "user_ann", ares: "ares-token" }],
  origin: "https://app.example",
});
const { publishableKey, secretKey, jwtKey } = clerk;
const charged = JSON.stringify({ message: "Success", usage: { usage: "image", credits: 1 } });

/** What an answer takes. The parent may set it. */
let latencyMs = 0;
process.on("message", (/** @type {{ latencyMs: number }} */ told) => {
  latencyMs = told.latencyMs;
});

const server = createServer(async (request, response) => {
  for await (const _ of request);
  if (latencyMs > 0 && request.url !== "/session")
    await new Promise((done) => setTimeout(done, latencyMs));
  const tell = (/** @type {string} */ text) =>
    response.setHeader("Content-Type", "application/json").end(text);
  if (request.url === "/v1/partner/usage") return tell(charged);
  if (request.url === "/session")
    return tell(
      JSON.stringify({
        token: await clerk.sessionToken("user_ann"),
        publishableKey,
        secretKey,
        jwtKey,
      }),
    );
  const headers = { authorization: request.headers.authorization ?? "" };
  const answer = await clerk.backend(new Request(`http://localhost${request.url}`, { headers }));
  response.statusCode = answer.status;
  return tell(await answer.text());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" && address?.port);
});
process.on("disconnect", () => process.exit());
