import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AresGate } from "../../src/react";
import { createAresSimulator, createTestServer, guideRoute } from "../../src/testing";
import { fetchFrom } from "../../src/testing/server/createTestServer";
import { openPage, pass, wireOf } from "./page";

const gate = (
  <AresGate usage="export-pdf" label="Export" credits={1}>
    <p>The export</p>
  </AresGate>
);
const state = () => screen.getByRole("group", { name: "Export" }).dataset.status;

/** `fetch` turns a 301, 302 or 303 into a GET without a body. The endpoint answers that GET with 200 and the user's data. */
const redirected =
  (send: typeof fetch): typeof fetch =>
  (input, { body, ...init } = {}) =>
    send(input, { ...init, method: "GET" });

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ["this kit's handler", "not_charged"],
  ["the guide's route", "unknown"],
])(
  "a POST that a redirect turned into a GET opens nothing, and ends on %s as %s",
  async (server, end) => {
    const simulator = createAresSimulator();
    const send =
      server === "the guide's route"
        ? fetchFrom(guideRoute({ simulator }))
        : createTestServer({ simulator }).fetch;
    openPage(gate, { provider: { fetch: wireOf(redirected(send)).fetch, clientId: "app" } });

    fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));

    await waitFor(() => expect(state()).toBe("unknown"));
    await pass(100_000);
    expect(state()).toBe(end);
    expect(screen.queryByText("The export")).toBeNull();
    expect(simulator.charges).toHaveLength(0);
  },
);
