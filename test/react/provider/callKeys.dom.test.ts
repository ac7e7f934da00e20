import { beforeEach, expect, test } from "vitest";
import { mintKey } from "../../../src/contract";
import { createCallKeys } from "../../../src/react/provider/callKeys";

beforeEach(() => sessionStorage.clear());

const call = ["report", "POST", "/api/report", "a"];
const hour = 3_600_000;

test.each([25, -25])(
  "a kept key is found again on a device whose clock is %i hours off: keys follow the server's",
  (hours) => {
    const keys = createCallKeys(() => mintKey(Date.now() - hours * hour));
    const first = keys.take(call);
    first.release("kept");

    expect(keys.take(call).key).toBe(first.key);
  },
);

test("a key that the server takes no more is not found again", () => {
  let now = Date.now();
  const keys = createCallKeys(() => mintKey(now));
  const first = keys.take(call);
  first.release("kept");
  now += 24 * hour;

  expect(keys.take(call).key).not.toBe(first.key);
});

test("a key under way is given to no second call", () => {
  const keys = createCallKeys(() => mintKey());
  const [first, second] = [keys.take(call), keys.take(call)];
  expect(second.key).not.toBe(first.key);
});
