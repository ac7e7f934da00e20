import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("an example runs beside a pretend ARES, which knows its users", async () => {
  const ask = `fetch(process.env.ARES_BASE_URL + "/v1/user", { headers: { Authorization: "Bearer " + JSON.parse(process.env.ARES_TOKENS).ann } })
    .then((answer) => answer.json()).then(({ user }) => console.log(user.credits))`;

  const { stdout } = await promisify(execFile)(process.execPath, [
    "examples/pretendAres.mjs",
    process.execPath,
    "-e",
    ask,
  ]);

  expect(stdout.trim()).toBe("698");
});
