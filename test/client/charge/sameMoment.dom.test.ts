import { expect, test } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { createTestServer } from "../../../src/testing";

test("a press in the very millisecond in which the last charge was shown is an intent of its own", async () => {
  const { fetch, simulator } = createTestServer();
  const now = Date.now();
  const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch, now: () => now });
  const handle = chargesOf(client).open({ usage: "export-pdf" });
  handle.subscribe(() => {});

  for (let presses = 0; presses < 3; presses++) {
    expect(await handle.charge(1)).toMatchObject({
      status: "charged",
      receipt: { restored: false },
    });
    handle.reset();
  }

  expect(simulator.charges).toHaveLength(3);
});
