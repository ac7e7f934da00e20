import { beforeEach, expect, test } from "vitest";
import { chargesOf, createAresClient } from "../../src/client";
import { createTestServer } from "../../src/testing";

beforeEach(() => localStorage.clear());

const HOUR = 3_600_000;

test("a device whose clock is an hour fast is put right by the server's first answer, and charged at its first press", async () => {
  const { fetch, simulator } = createTestServer({ server: { now: () => Date.now() - HOUR } });
  const handle = chargesOf(createAresClient({ endpoint: "/api/ares", fetch })).open({
    usage: "export-pdf",
  });

  expect(await handle.charge(1)).toMatchObject({ status: "charged" });

  expect(simulator.charges).toHaveLength(1);
});

test("after a snapshot it is put right by the server's first refusal, and charged at its second press", async () => {
  const { fetch, server, simulator } = createTestServer({
    server: { now: () => Date.now() - HOUR },
  });
  const initial = await server.snapshot(new Request("http://app.example/"));
  const handle = chargesOf(createAresClient({ endpoint: "/api/ares", fetch, initial })).open({
    usage: "export-pdf",
  });

  expect(await handle.charge(1)).toMatchObject({
    status: "not_charged",
    error: { code: "idempotency_key_expired" },
  });
  expect(await handle.charge(1)).toMatchObject({ status: "charged" });

  expect(simulator.charges).toHaveLength(1);
});
