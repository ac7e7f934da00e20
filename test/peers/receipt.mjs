import assert from "node:assert/strict";
import { isAresError, signReceipt, verifyReceipt } from "ares-react/receipt";
import { exportJWK, generateKeyPair } from "jose";

const paid = {
  charge: { id: "charge-1", usage: "report", resource: "r-1", credits: 3 },
  userId: "ada",
};
const [issuer, audience] = ["https://app.example", "https://render.example"];

const pair = await generateKeyPair("ES256", { extractable: true });
const keys = [
  [{ kid: "secret", alg: "HS256", secret: "s".repeat(32) }],
  [
    { kid: "pair", alg: "ES256", privateKey: pair.privateKey },
    { kid: "pair", alg: "ES256", publicKey: await exportJWK(pair.publicKey) },
  ],
];
for (const [signing, verifying = signing] of keys) {
  const receipt = await signReceipt(paid, { keys: [signing], issuer, audience });
  const expected = { keys: [verifying], issuer, audience, usage: "report", resource: "r-1" };

  assert.equal((await verifyReceipt(receipt, expected)).userId, "ada");
  await assert.rejects(
    verifyReceipt(receipt, { ...expected, audience: "https://other.example" }),
    refused,
  );
  await assert.rejects(verifyReceipt(`${receipt.slice(0, -8)}AAAAAAAA`, expected), refused);
}
console.log("a receipt is signed and verified, and refused elsewhere");

/** @param {unknown} error */
function refused(error) {
  return isAresError(error) && error.code === "payment_required";
}
