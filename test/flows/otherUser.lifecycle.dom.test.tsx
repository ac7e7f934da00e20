import { act, render, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { createAresClient } from "../../src/client";
import { AresGate, AresProvider, useAresUser } from "../../src/react";
import { createTestServer } from "../../src/testing";
import { wireOf } from "./page";

beforeEach(() => localStorage.clear());

/** An endpoint that answers for one ARES account after the other, or for an account without a name. */
function openWorld() {
  const server = createTestServer();
  let account: string | undefined = "a";
  const wire = wireOf(async (input, init) => {
    const id = account;
    const answer = await server.fetch(input, init);
    const body = await answer.json();
    if (body.user && init?.method !== "POST") body.user.id = id;
    return Response.json(body, { status: answer.status, headers: answer.headers });
  });
  return {
    simulator: server.simulator,
    wire,
    answerFor: (next: string | undefined) => {
      account = next;
    },
  };
}

test.each([
  ["an answer that names nobody", undefined],
  ["an answer for another account", "b"],
])(
  "a gate that charges on mount charges one user of the app once, also after %s",
  async (_, next) => {
    const { simulator, wire, answerFor } = openWorld();
    let readAgain = async (): Promise<unknown> => undefined;
    function Reader() {
      readAgain = useAresUser().refetch;
      return null;
    }
    render(
      <AresProvider endpoint="/api/ares" userKey="ada" fetch={wire.fetch}>
        <Reader />
        <AresGate usage="export-pdf" resource="e-1" trigger="mount">
          <p>The export</p>
        </AresGate>
      </AresProvider>,
    );
    await screen.findByText("The export");

    answerFor(next);
    await act(() => readAgain());
    await act(() => new Promise((done) => setTimeout(done, 500)));

    expect(simulator.charges).toHaveLength(1);
  },
);

test("what was unlocked stays when the same user has connected another account", async () => {
  const { wire, answerFor } = openWorld();
  const page = (account: string) => (
    <AresProvider endpoint="/api/ares" userKey="ada" account={account} fetch={wire.fetch}>
      <AresGate usage="export-pdf" resource="e-1" label="Export" trigger="mount">
        <p>The export</p>
      </AresGate>
    </AresProvider>
  );
  const { rerender } = render(page("eac_1"));
  await screen.findByText("The export");

  answerFor("b");
  rerender(page("eac_2"));
  await act(() => new Promise((done) => setTimeout(done, 500)));

  expect(wire.reads().at(-1)?.url).toContain("account=eac_2");
  expect(screen.getByText("The export")).toBeTruthy();
});

test("a client that was left tells of no other user any more", async () => {
  let told = 0;
  let id = "a";
  let free = () => {};
  let held: Promise<void> | undefined;
  const fetch = async () => {
    const body = { message: "Success", user: { id, credits: 5 }, prices: {} };
    await held;
    return Response.json(body, { headers: { "Ares-Contract": "1" } });
  };
  const client = createAresClient({
    endpoint: "/api/ares",
    fetch,
    onOtherUser: () => {
      told += 1;
    },
  });
  const leave = client.connect();
  await client.getUser();
  id = "b";
  held = new Promise((resolve) => {
    free = resolve;
  });
  const late = client.getUser();

  leave();
  free();
  await late;

  expect(told).toBe(0);
});

test("a change of something else forgets nothing of who was there", async () => {
  let told = 0;
  let id = "a";
  const fetch = async () =>
    Response.json(
      { message: "Success", user: { id, credits: 5 }, prices: {} },
      { headers: { "Ares-Contract": "1" } },
    );
  const client = createAresClient({
    endpoint: "/api/ares",
    account: "eac_1",
    fetch,
    onOtherUser: () => {
      told += 1;
    },
  });
  client.connect();
  await client.getUser();
  client.configure({ clientId: "client-1" });
  id = "b";
  await client.getUser();

  expect(told).toBe(1);
});
