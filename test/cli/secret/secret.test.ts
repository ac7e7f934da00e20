import { expect, it } from "vitest";
import { runSecret } from "../../../src/cli/secret";
import { createSealing } from "../../../src/connect/sealing";

it("prints one secret, which aresConnect takes", async () => {
  const lines: string[] = [];
  expect(runSecret((line) => lines.push(line))).toBe(0);
  runSecret((line) => lines.push(line));
  const [secret, another] = lines;

  expect(lines).toHaveLength(2);
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(another).not.toBe(secret);
  const sealing = createSealing(secret, "client");
  const place = { userId: "", column: "c", version: "" };
  expect(await sealing.open("state", place, await sealing.seal("state", place, "text"))).toBe(
    "text",
  );
});
