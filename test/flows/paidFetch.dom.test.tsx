import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { isAresError } from "../../src/contract";
import { AresProvider, useAresFetch } from "../../src/react";
import { createTestServer } from "../../src/testing";

/** A button far from any gate that calls a paid endpoint. */
function Caller({ resource, init }: { resource?: string; init?: RequestInit }) {
  const { fetch, gate } = useAresFetch({ usage: "export-pdf", resource });
  const [said, setSaid] = useState("");
  const say = (words: string) => setSaid((before) => `${before}${words} `);
  const call = () =>
    fetch("/api/paid", init).then(
      async (response) => say(await response.text()),
      (error: unknown) => say(isAresError(error) ? error.code + (error.details.chargeId ? ", used up" : "") : "?"),
    );
  return (
    <>
      <output>{said}</output>
      <button type="button" onClick={call}>
        Call
      </button>
      {"unlock" in gate && (
        <button type="button" onClick={gate.unlock}>
          Unlock
        </button>
      )}
      <p>{gate.status}</p>
    </>
  );
}

/** An app with the kit's endpoint, and with its own endpoint behind `requirePaid`, whose answers may take a while. */
function openApp(
  ui: React.ReactNode,
  resource?: string,
  late: (call: number) => Promise<void> | undefined = () => undefined,
  work = () => new Response("served"),
) {
  const { server, handler, simulator } = createTestServer({ prices: { "export-pdf": 1 } });
  const authorizations: (string | null)[] = [];
  const send: typeof fetch = async (input, init) => {
    const request = new Request(new URL(String(input), "https://app.example"), init);
    if (new URL(request.url).pathname !== "/api/paid") return handler(request);
    const wait = late(authorizations.push(request.headers.get("Authorization")));
    try {
      await server.requirePaid(request, { usage: "export-pdf", ...(resource === undefined ? {} : { resource, uses: 1 }) });
      return work();
    } catch (refusal) {
      if (refusal instanceof Response) return refusal;
      throw refusal;
    } finally {
      await wait;
    }
  };
  render(
    <AresProvider endpoint="https://app.example/api/ares" userKey={`user ${Math.random()}`} fetch={send} getToken={() => "session"}>
      {ui}
    </AresProvider>,
  );
  return { simulator, authorizations, user: userEvent.setup() };
}

beforeEach(() => localStorage.clear());

const said = (text: string) => screen.findByText(text, { selector: "output", normalizer: (it) => it.trim() });

describe("a paid call from anywhere", () => {
  test("is refused before it is paid, then served once for one charge, and locks the gate when the charge is used up", async () => {
    const { simulator, user, authorizations } = openApp(<Caller />);
    const call = screen.getByRole("button", { name: "Call" });

    await user.click(call);
    await said("payment_required");
    expect(simulator.charges).toHaveLength(0);

    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");
    await user.click(call);
    await said("payment_required served");
    await user.click(call);
    await said("payment_required served payment_required, used up");

    expect(await screen.findByText("locked")).toBeTruthy();
    expect(simulator.charges).toHaveLength(1);
    expect(authorizations).toEqual(["Bearer session", "Bearer session", "Bearer session"]);
  });

  test("that somebody else answers with 402 is the caller's to read, and gives up nothing that was paid", async () => {
    const { user } = openApp(
      <Caller />,
      undefined,
      () => undefined,
      () => new Response("no quota left", { status: 402 }),
    );
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await user.click(screen.getByRole("button", { name: "Call" }));

    await said("no quota left");
    expect(screen.getByText("unlocked")).toBeTruthy();
  });

  test("leaves the gate of a resource open when its use is over, since it can't be bought twice", async () => {
    const { simulator, user } = openApp(<Caller resource="r-2" />, "r-2");
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served");
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served payment_required, used up");

    expect(screen.getByText("unlocked")).toBeTruthy();
    expect(simulator.charges).toHaveLength(1);
  });

  test("that is refused gives up no charge whose outcome is unknown", async () => {
    const { simulator, user } = openApp(<Caller />);
    simulator.fail("drop-after-charge", { on: "usage" });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unknown");

    await user.click(screen.getByRole("button", { name: "Call" }));
    await screen.findByText(/./, { selector: "output" });

    expect(screen.getByText("unknown")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Unlock" })).toBeNull();
    expect(localStorage).toHaveLength(1);
    expect(simulator.charges).toHaveLength(1);
  });

  test("that is refused late, when its charge is used up, gives up no newer unlock", async () => {
    let answer = () => {};
    const second = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { simulator, user } = openApp(<Caller />, undefined, (call) => (call === 2 ? second : undefined));
    const call = screen.getByRole("button", { name: "Call" });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");
    await user.click(call);
    await said("served");
    await user.click(call);
    await user.click(call);
    await said("served payment_required, used up");
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await act(async () => answer());

    await said("served payment_required, used up payment_required, used up");
    expect(screen.getByText("unlocked")).toBeTruthy();
    expect(simulator.charges).toHaveLength(2);
  });

  test("is served again when the same request is repeated", async () => {
    const { simulator, user } = openApp(<Caller resource="r-1" init={{ headers: { "Idempotency-Key": "print-1" } }} />, "r-1");
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served");
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served served");

    expect(simulator.charges).toHaveLength(1);
  });
});
