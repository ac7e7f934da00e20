import { act, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isAresError } from "../../src/contract";
import { AresGateStatus, AresProvider, useAresFetch } from "../../src/react";
import { createTestServer } from "../../src/testing";

/** A button far from any gate that calls a paid endpoint. */
function Caller({
  path = "/api/paid",
  resource,
  init = () => ({}),
}: {
  path?: string;
  resource?: string;
  init?: () => RequestInit;
}) {
  const { fetch, gate } = useAresFetch({ usage: "export-pdf", resource });
  const [said, setSaid] = useState("");
  const say = (words: string) => setSaid((before) => `${before}${words} `);
  const call = () =>
    fetch(path, init())
      .then((response) => response.text())
      .then(say, (error: unknown) => say(isAresError(error) ? error.code : "?"));
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
      <AresGateStatus gate={gate} />
    </>
  );
}

/** An app with the kit's endpoint, and with its own endpoint behind `requirePaid`. A network may lose or change that one's answers. */
function openApp(
  ui: React.ReactNode,
  {
    resource,
    uses = 1,
    answer = (_, served) => served,
  }: {
    resource?: string;
    uses?: number;
    answer?: (call: number, served: Response) => Response | Promise<Response>;
  } = {},
) {
  const { server, handler, simulator } = createTestServer({ prices: { "export-pdf": 1 } });
  const authorizations: (string | null)[] = [];
  const keys: (string | null)[] = [];
  // Two answers to one press are lost here.
  const serve = (request: Request) =>
    server
      .requirePaid(request, {
        usage: "export-pdf",
        repeats: 2,
        ...(resource === undefined ? {} : { resource, uses }),
      })
      .then(
        () => new Response("served"),
        (refusal: unknown) => server.toResponse(refusal),
      );
  const send: typeof fetch = async (input, init) => {
    const request = new Request(new URL(String(input), "https://app.example"), init);
    if (new URL(request.url).pathname !== "/api/paid") return handler(request);
    keys.push(request.headers.get("Idempotency-Key"));
    const call = authorizations.push(request.headers.get("Authorization"));
    return answer(call, await serve(request));
  };
  const userKey = `user ${Math.random()}`;
  const page = (shown: React.ReactNode) => (
    <AresProvider
      endpoint="https://app.example/api/ares"
      userKey={userKey}
      fetch={send}
      getToken={() => "session"}
    >
      {shown}
    </AresProvider>
  );
  const view = render(page(ui));
  return {
    simulator,
    authorizations,
    keys,
    user: userEvent.setup(),
    /** A new page of the same tab: storage stays, memory is lost. */
    reload() {
      view.unmount();
      render(page(ui));
    },
  };
}

/** The answer is lost on its way back. */
const lost = () => {
  throw new TypeError("Failed to fetch");
};

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

const said = (text: string) =>
  screen.findByText(text, { selector: "output", normalizer: (it) => it.trim() });

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
    await said("payment_required served used_up");

    expect(await screen.findByText("locked")).toBeTruthy();
    expect(
      screen.getByText(/What you paid for is used up/, { selector: "[role=status]" }),
    ).toBeTruthy();
    expect(simulator.charges).toHaveLength(1);
    expect(authorizations).toEqual(["Bearer session", "Bearer session", "Bearer session"]);
  });

  test("that somebody else answers with 402 is the caller's to read, and gives up nothing that was paid", async () => {
    const { user } = openApp(<Caller />, {
      answer: () => new Response("no quota left", { status: 402 }),
    });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await user.click(screen.getByRole("button", { name: "Call" }));

    await said("no quota left");
    expect(screen.getByText("unlocked")).toBeTruthy();
  });

  test("leaves the gate of a resource open when its use is over, since it can't be bought twice", async () => {
    const { simulator, user } = openApp(<Caller resource="r-2" />, { resource: "r-2" });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served");
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served used_up");

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
    const { simulator, user } = openApp(<Caller />, {
      answer: (call, served) => (call === 2 ? second.then(() => served) : served),
    });
    const call = screen.getByRole("button", { name: "Call" });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");
    await user.click(call);
    await said("served");
    await user.click(call);
    await user.click(call);
    await said("served used_up");
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await act(async () => answer());

    await said("served used_up used_up");
    expect(screen.getByText("unlocked")).toBeTruthy();
    expect(simulator.charges).toHaveLength(2);
  });

  test("is served again when the same request is repeated", async () => {
    const { simulator, user } = openApp(
      <Caller resource="r-1" init={() => ({ headers: { "Idempotency-Key": "print-1" } })} />,
      {
        resource: "r-1",
      },
    );
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served");
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served served");

    expect(simulator.charges).toHaveLength(1);
  });

  test("whose answer is lost is served by the same use when the user presses again", async () => {
    const { simulator, user, keys } = openApp(<Caller />, {
      answer: (call, served) => (call === 1 ? lost() : served),
    });
    const call = screen.getByRole("button", { name: "Call" });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await user.click(call);
    await said("network_error");
    await user.click(call);
    await said("network_error served");
    expect(screen.getByText("unlocked")).toBeTruthy();
    await user.click(call);
    await said("network_error served used_up");

    expect(simulator.charges).toHaveLength(1);
    expect([keys[1] === keys[0], keys[2] === keys[0]]).toEqual([true, false]);
  });

  test.each([401, 404, 409, 422, 429, 500, 502])(
    "keeps its key after an answer of %i, which may follow a lost one",
    async (status) => {
      const { user, keys } = openApp(<Caller />, {
        answer: (call, served) => {
          if (call === 1) return lost();
          return call === 2 ? new Response("not now", { status }) : served;
        },
      });
      const call = screen.getByRole("button", { name: "Call" });
      await user.click(await screen.findByRole("button", { name: "Unlock" }));
      await screen.findByText("unlocked");

      await user.click(call);
      await user.click(call);
      await said("network_error not now");
      await user.click(call);
      await said("network_error not now served");

      expect(new Set(keys).size).toBe(1);
    },
  );

  test("that the app answers with 404 again and again uses the charge up only with its last use", async () => {
    const { simulator, user, keys } = openApp(<Caller resource="r-6" />, {
      resource: "r-6",
      uses: 3,
      answer: (_, served) => (served.ok ? new Response("not yet", { status: 404 }) : served),
    });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    for (let presses = 1; presses <= 9; presses += 1) {
      await user.click(screen.getByRole("button", { name: "Call" }));
      await said(Array(presses).fill("not yet").join(" "));
    }
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said(`${Array(9).fill("not yet").join(" ")} used_up`);

    expect(new Set(keys).size).toBe(4);
    expect(simulator.charges).toHaveLength(1);
  });

  test("whose answer is lost is served by the same use after a reload, and leaves no address in storage", async () => {
    const { simulator, user, reload } = openApp(<Caller resource="r-3" />, {
      resource: "r-3",
      answer: (call, served) => (call === 1 ? lost() : served),
    });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("network_error");
    expect(JSON.stringify(Object.entries(sessionStorage))).not.toContain("paid");

    reload();
    await screen.findByText("unlocked");
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served");

    expect(simulator.charges).toHaveLength(1);
    expect(sessionStorage).toHaveLength(0);
  });

  test.each([
    ["eight presses of one button", () => ({})],
    ["ten uploads", () => ({ method: "POST", body: new FormData() })],
  ])("has a key of its own for each of %s: each is a use, and all are served", async (_, init) => {
    const { simulator, user, keys } = openApp(<Caller resource="r-5" init={init} />, {
      resource: "r-5",
      uses: 10,
    });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    for (let presses = 0; presses < 8; presses += 1)
      fireEvent.click(screen.getByRole("button", { name: "Call" }));

    await said(Array(8).fill("served").join(" "));
    expect(new Set(keys).size).toBe(8);
    expect(screen.getByText("unlocked")).toBeTruthy();
    expect(simulator.charges).toHaveLength(1);
  });

  test("whose body breaks off after its headers came is served again by the same use", async () => {
    const broken = () =>
      new Response(new ReadableStream({ start: (body) => body.error(new TypeError("network")) }));
    const { simulator, user, keys } = openApp(<Caller />, {
      answer: (call, served) => (call === 1 ? broken() : served),
    });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("?");
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("? served");

    expect(new Set(keys).size).toBe(1);
    expect(simulator.charges).toHaveLength(1);
  });

  test.each([
    ["//evil.example/api/paid", undefined, false],
    ["https://storage.example/file?signature=1", undefined, false],
    ["https://api.example/api/paid", ["https://api.example"], true],
    ["https://app.example/api/paid", undefined, true],
    ["/api/paid", undefined, true],
  ])(
    "to %s, where the app names %o: carries the session's token and its keys: %s",
    async (path, origins, carries) => {
      const sent: Headers[] = [];
      const fetch = vi.fn(async (url: unknown, init?: RequestInit) => {
        if (String(url).includes("/api/ares"))
          return Response.json({ message: "Success", user: { credits: 5 } });
        sent.push(new Headers(init?.headers));
        return new Response("served");
      });
      render(
        <AresProvider
          endpoint="https://app.example/api/ares"
          userKey="ada"
          origins={origins}
          fetch={fetch}
          getToken={() => "session"}
        >
          <Caller path={path} />
        </AresProvider>,
      );
      await userEvent.click(screen.getByRole("button", { name: "Call" }));
      await said("served");

      expect([sent[0]?.has("Authorization"), sent[0]?.has("Idempotency-Key")]).toEqual([
        carries,
        carries,
      ]);
    },
  );

  test("of a Request, as plain JavaScript may pass one, is known by the Request's address", async () => {
    const sent: Headers[] = [];
    const fetch = vi.fn(async (url: unknown, init?: RequestInit) => {
      if (String(url).includes("/api/ares"))
        return Response.json({ message: "Success", user: { credits: 5 } });
      sent.push(new Headers(init?.headers));
      return new Response("served");
    });
    const elsewhere: string = Object(new Request("https://evil.example/api/paid"));
    render(
      <AresProvider
        endpoint="https://app.example/api/ares"
        userKey="ada"
        fetch={fetch}
        getToken={() => "session"}
      >
        <Caller path={elsewhere} />
      </AresProvider>,
    );
    await userEvent.click(screen.getByRole("button", { name: "Call" }));
    await said("served");

    expect([sent[0]?.has("Authorization"), sent[0]?.has("Idempotency-Key")]).toEqual([
      false,
      false,
    ]);
  });

  test("keeps a token of its own", async () => {
    const { user, authorizations } = openApp(
      <Caller init={() => ({ headers: { Authorization: "Bearer mine" } })} />,
    );
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("payment_required");
    expect(authorizations).toEqual(["Bearer mine"]);
  });

  test("with another body is another call, so it is not refused as a reused key", async () => {
    const bodies = ["a", "b", "a"];
    const { user, keys } = openApp(
      <Caller resource="r-4" init={() => ({ method: "POST", body: bodies.shift() ?? "" })} />,
      {
        resource: "r-4",
        uses: 2,
        answer: (call, served) => (call === 1 ? lost() : served),
      },
    );
    const call = screen.getByRole("button", { name: "Call" });
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");

    await user.click(call);
    await said("network_error");
    await user.click(call);
    await said("network_error served");
    await user.click(call);
    await said("network_error served served");

    expect([keys[1] === keys[0], keys[2] === keys[0]]).toEqual([false, true]);
  });
});

describe("a call of an endpoint that charges by itself", () => {
  function openCharging(charges: boolean) {
    const { server, handler, simulator } = createTestServer({ prices: { "export-pdf": 1 } });
    const charging = server.withCharge({ usage: "export-pdf" }, () => new Response("served"));
    const path = `/api/paid-${Math.random()}`;
    const send: typeof fetch = async (input, init) => {
      const request = new Request(new URL(String(input), "https://app.example"), init);
      if (new URL(request.url).pathname !== path) return handler(request);
      if (charges) return charging(request);
      await server.requirePaid(request, { usage: "export-pdf" });
      return new Response("served");
    };
    render(
      <AresProvider
        endpoint="https://app.example/api/ares"
        userKey={`user ${Math.random()}`}
        fetch={send}
        getToken={() => "session"}
      >
        <Caller path={path} />
      </AresProvider>,
    );
    return {
      simulator,
      user: userEvent.setup(),
      warn: vi.spyOn(console, "warn").mockImplementation(() => {}),
    };
  }

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test("tells the developer once what to use instead", async () => {
    const { user, warn } = openCharging(true);
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served");
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served served");

    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/withCharge.*useAresAction.*requirePaid/);
  });

  test.each([
    ["of requirePaid", false, "test"],
    ["in production", true, "production"],
  ])("is not named %s", async (_, charges, mode) => {
    vi.stubEnv("NODE_ENV", mode);
    const { user, warn } = openCharging(charges);
    await user.click(await screen.findByRole("button", { name: "Unlock" }));
    await screen.findByText("unlocked");
    await user.click(screen.getByRole("button", { name: "Call" }));
    await said("served");

    expect(warn).not.toHaveBeenCalled();
  });
});
