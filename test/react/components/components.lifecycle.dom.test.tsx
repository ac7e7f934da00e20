import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { createRef } from "react";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { aresError, type ChargeState } from "../../../src/client";
import {
  type AresErrorCode,
  type AresErrorDetails,
  errorTable,
  isErrorCode,
} from "../../../src/contract";
import {
  AresErrorNotice,
  AresGate,
  AresGateActions,
  AresGateStatus,
  ChargeHistory,
  ChargeReceipt,
  ConnectAres,
  CreditBalance,
  englishMessages,
  formatCredits,
  InsufficientCredits,
  LowBalance,
  UnlockButton,
  useAresCharges,
  useAresGate,
} from "../../../src/react";
import { createAresSimulator } from "../../../src/testing";
import { openPage, words } from "../../flows/page";

beforeEach(() => localStorage.clear());

describe("formatCredits", () => {
  test.each([
    [698, "floor", "698 credits"],
    [1, "floor", "1 credit"],
    [0, "floor", "0 credits"],
    [0.29, "floor", "0.29 credits"],
    [0.299, "floor", "0.29 credits"],
    [0.004, "floor", "less than 0.01 credits"],
    [0.291, "ceil", "0.3 credits"],
    [1.001, "ceil", "1.01 credits"],
    [1234.5, "floor", "1,234.5 credits"],
  ] as const)("%d, %s: %s", (credits, round, text) => {
    expect(formatCredits(credits, { messages: englishMessages, locale: "en", round })).toBe(text);
  });
});

test("a page behind a pretend() that refuses offers no button that can't work", async () => {
  const refusal = {
    code: "not_allowed",
    message: "pretend() answers only where NODE_ENV is development or test.",
  };
  const refuses = async () =>
    Response.json(refusal, { status: 403, headers: { "Ares-Contract": "1" } });
  openPage(
    <>
      <CreditBalance />
      <AresGate usage="export-pdf" label="Export" />
      <AresGate usage="report" resource="r-1" label="Report" />
    </>,
    { provider: { fetch: refuses } },
  );

  await waitFor(() =>
    expect(
      document.querySelectorAll('[data-ares-part="gate"][data-status="unavailable"]'),
    ).toHaveLength(2),
  );
  await screen.findByText("Balance unavailable");
  expect(screen.queryAllByRole("button")).toEqual([]);
});

describe("CreditBalance", () => {
  test("follows a charge, says when it can't be read, and offers to read again", async () => {
    const ref = createRef<HTMLSpanElement>();
    const page = openPage(
      <>
        <CreditBalance ref={ref} className="mine" />
        <AresGate usage="export-pdf" label="Export" />
      </>,
    );
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));
    await screen.findByRole("group", { name: "ARES balance: 697 credits" });
    expect(ref.current?.className).toBe("mine");

    page.unmount();
    const broken = openPage(<CreditBalance />, {
      provider: { fetch: async () => new Response("<html>", { status: 200 }) },
    });
    const again = await screen.findByRole("button", { name: "Refresh balance" });
    expect(broken.container.textContent).toContain("Balance unavailable");
    fireEvent.click(again);
  });

  test("that was never read says so to the eye and to the ear, and names no number", async () => {
    const page = openPage(<p />);
    page.wire.meddle(async () => new Response("<html>", { status: 200 }));
    page.show(<CreditBalance />);

    const amount = await screen.findByRole("group", { name: "Balance unavailable" });
    expect(amount.textContent).toBe("Balance unavailable");
    expect(amount.parentElement?.dataset.status).toBe("error");
    expect(document.body.textContent).not.toMatch(/\d/);
  });

  test("keeps the button and its focus while it is read again, and asks once", async () => {
    const page = openPage(<p />);
    let release = () => {};
    page.wire.meddle(async () => new Response("<html>", { status: 200 }));
    page.show(<CreditBalance />);
    const again = await screen.findByRole("button", { name: "Refresh balance" });
    again.focus();
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    page.wire.meddle((_, forward) => held.then(forward));
    const before = page.wire.reads().length;

    fireEvent.click(again);
    await waitFor(() => expect(again.getAttribute("aria-busy")).toBe("true"));
    fireEvent.click(again);

    expect(document.activeElement).toBe(again);
    expect(page.wire.reads()).toHaveLength(before + 1);
    release();
    await screen.findByRole("group", { name: "ARES balance: 698 credits" });
    expect(document.activeElement).toBe(again);
  });
});

test("UnlockButton charges once and keeps the focus while it is on its way", async () => {
  function Own() {
    const gate = useAresGate({ usage: "export-pdf" });
    if (gate.status === "unlocked") return <ChargeReceipt receipt={gate.receipt} />;
    return <UnlockButton gate={gate} label="export" />;
  }
  const page = openPage(<Own />);
  const free = page.wire.holdPost();
  const button = await screen.findByRole("button", { name: "Unlock export · 1 credit" });
  button.focus();
  fireEvent.click(button);
  fireEvent.click(button);
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBe("true"));
  expect(document.activeElement).toBe(button);
  free();
  const receipt = await screen.findByRole("article", { name: "Receipt" });
  expect(within(receipt).getByText("1 credit")).toBeDefined();
  expect(page.simulator.charges).toHaveLength(1);
});

test("UnlockButton waits as long as the server asked, and offline", async () => {
  function Own() {
    const gate = useAresGate({ usage: "export-pdf" });
    return (
      <>
        <AresGateStatus gate={gate} />
        <UnlockButton gate={gate} label="export" />
      </>
    );
  }
  const page = openPage(<Own />);
  page.simulator.fail("429-retry-after", { on: "usage", times: "always", retryAfterSeconds: 30 });
  const alert = await screen.findByRole("alert");
  fireEvent.click(await screen.findByRole("button", { name: "Unlock export · 1 credit" }));
  await waitFor(() => expect(alert.textContent).toContain("You were not charged."));
  const retry = screen.getByRole("button", { name: "Try again · 1 credit" });
  await waitFor(() => expect(retry.getAttribute("aria-disabled")).toBe("true"));
  expect(retry.textContent).toMatch(/· \d\d sec$/);
  fireEvent.click(retry);
  expect(page.wire.posts()).toHaveLength(1);
});

test("UnlockButton with an icon alone is named by its words and its price, and shows the price", async () => {
  function Own() {
    return (
      <UnlockButton
        gate={useAresGate({ usage: "export-pdf" })}
        label="export"
        icon={<svg aria-hidden="true" />}
      />
    );
  }
  openPage(<Own />);
  expect(
    (await screen.findByRole("button", { name: "Unlock export · 1 credit" })).textContent,
  ).toMatch(/^ · 1\scredit$/);
});

describe("a balance that could not be read again", () => {
  test("is shown with its time, on screen and to assistive technology, and may be read again", async () => {
    const page = openPage(<CreditBalance variant="chip" refresh />);
    await screen.findByRole("group", { name: "ARES balance: 698 credits" });
    page.wire.meddle(async () => new Response("<html>", { status: 200 }));
    fireEvent.click(screen.getByRole("button", { name: "Refresh balance" }));
    const amount = await screen.findByRole("group", { name: /^ARES balance: 698 credits, as of / });
    expect(amount.textContent).toMatch(/^698 credits as of /);
    expect(amount.parentElement?.dataset).toMatchObject({
      variant: "chip",
      status: "ready",
      stale: "",
    });
  });
});

describe("ChargeReceipt", () => {
  const receipt = {
    usage: "report",
    credits: 3,
    balance: undefined,
    id: "c_1",
    key: undefined,
    at: 0,
    restored: false,
  };

  test("says that something was paid before", () => {
    openPage(<ChargeReceipt receipt={{ ...receipt, restored: true }} />);
    expect(screen.getByRole("article", { name: "Receipt" }).textContent).toContain(
      "Already unlocked.",
    );
  });

  test("calls a usage what those who pay for it call it", () => {
    openPage(<ChargeReceipt receipt={receipt} labels={{ report: "Tide tables" }} />);
    expect(screen.getByRole("article", { name: "Receipt" }).textContent).toContain(
      "ForTide tables",
    );
  });
});

describe("the reference of a charge", () => {
  const receipt = {
    usage: "report",
    credits: 3,
    balance: undefined,
    id: "c_1",
    key: undefined,
    at: 0,
    restored: false,
  };
  const press = () =>
    fireEvent.click(screen.getByRole("button", { name: "Copy", description: "c_1" }));
  // The user of openPage brings a clipboard too.
  const clipboard = (writeText?: (text: string) => Promise<void>) => {
    Object.defineProperty(navigator, "clipboard", {
      value: writeText && { writeText },
      configurable: true,
    });
    onTestFinished(() => void Reflect.deleteProperty(navigator, "clipboard"));
  };

  test("is copied from its receipt, and each copy is said", async () => {
    const texts: string[] = [];
    const page = openPage(<ChargeReceipt receipt={receipt} />);
    clipboard(async (text) => void texts.push(text));
    const status = screen.getByRole("status");
    expect(status.textContent).toBe("");
    press();
    await waitFor(() => expect(status.textContent).toBe("Copied."));
    const [first] = status.childNodes;
    press();
    await waitFor(() => expect(status.firstChild).not.toBe(first));
    expect(texts).toEqual(["c_1", "c_1"]);

    page.show(<ChargeReceipt receipt={{ ...receipt, id: "c_2" }} />);
    expect(status.textContent).toBe("");
  });

  test.each([
    ["a page has no clipboard", undefined],
    ["the user refuses it", () => Promise.reject(new DOMException("no", "NotAllowedError"))],
  ])("is selected where %s", async (_, writeText) => {
    openPage(<ChargeReceipt receipt={receipt} />);
    clipboard(writeText);
    press();
    await waitFor(() => expect(getSelection()?.toString()).toBe("c_1"));
    expect(screen.getByRole("status").textContent).toBe("");
  });
});

test("labels name resources in receipts and charges; a resource without a name keeps its id", () => {
  const receipt = {
    usage: "report",
    credits: 3,
    balance: undefined,
    id: "c_1",
    key: undefined,
    at: 0,
    restored: false,
  };
  const labels = { report: "Report", "r-1": "Tides of the North Sea" };
  const page = openPage(
    <ChargeReceipt receipt={{ ...receipt, resource: "r-1" }} labels={labels} />,
  );
  expect(screen.getByRole("article").textContent).toContain("ItemTides of the North Sea");
  const charges = ["r-1", "constructor"].map(
    (resource) => ({ status: "charged", usage: "report", resource, credits: 3 }) as const,
  );
  page.show(<ChargeHistory charges={charges} labels={labels} />);
  const texts = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(texts[0]).toMatch(/^Report Tides of the North Sea/);
  expect(texts[1]).toMatch(/^Report constructor/);
});

describe("the provider's labels", () => {
  const labels = { report: "Tide tables" };
  const receipt = {
    usage: "report",
    credits: 3,
    balance: undefined,
    id: "c_1",
    key: undefined,
    at: 0,
    restored: false,
  };

  test("name a usage in the texts of a gate, to screen readers, and in the dialog", async () => {
    openPage(<AresGate usage="report" confirmation="always" />, { provider: { labels } });
    expect(screen.getByRole("group", { name: "Tide tables" })).toBeTruthy();
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Tide tables · 3 credits" }));
    await screen.findByRole("alertdialog", { name: /^Spend 3 credits on Tide tables\?/ });
  });

  test("name a usage in a gate with own markup", async () => {
    function Own() {
      const gate = useAresGate({ usage: "report" });
      return (
        <>
          <AresGateStatus gate={gate} />
          <UnlockButton gate={gate} />
          <AresGateActions gate={gate} label="Mine" />
        </>
      );
    }
    openPage(<Own />, { provider: { labels } });
    expect(
      await screen.findByRole("button", { name: "Unlock Tide tables · 3 credits" }),
    ).toBeTruthy();
    expect(screen.getByRole("button", { name: "Unlock Mine · 3 credits" })).toBeTruthy();
  });

  test("name a usage in receipts and charges, but a component's own labels win", () => {
    const page = openPage(<ChargeReceipt receipt={receipt} />, { provider: { labels } });
    expect(screen.getByRole("article").textContent).toContain("ForTide tables");
    page.show(
      <ChargeHistory
        charges={[
          { status: "charged", usage: "report" },
          { status: "charged", usage: "image" },
        ]}
      />,
    );
    expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
      "Tide tables Paid",
      "image Paid",
    ]);
    page.show(<ChargeReceipt receipt={receipt} labels={{ report: "Mine" }} />);
    expect(screen.getByRole("article").textContent).toContain("ForMine");
    page.show(<AresGate usage="report" label="Mine" />);
    expect(screen.getByRole("group", { name: "Mine" })).toBeTruthy();
  });
});

describe("live regions", () => {
  test("are there before their words, also beside a slot, and nothing busy holds them back", async () => {
    const page = openPage(
      <AresGate
        usage="export-pdf"
        label="Export"
        slots={{ locked: ({ unlock }) => <button type="button" onClick={unlock} /> }}
      />,
    );
    const [status, alert] = [screen.getByRole("status"), screen.getByRole("alert")];
    const free = page.wire.holdPost();
    const group = screen.getByRole("group", { name: "Export" });
    expect(group.getAttribute("aria-busy")).toBe("true");
    fireEvent.click(await screen.findByRole("button"));
    await waitFor(() => expect(status.textContent?.trim()).toBe("Confirming with ARES…"));
    expect(group.getAttribute("aria-busy")).toBe("false");
    expect(screen.getByRole("button").getAttribute("aria-busy")).toBe("true");
    page.simulator.fail("refused", { on: "usage" });
    free();
    await waitFor(() => expect(alert.textContent).toContain("You were not charged."));
    expect([screen.getByRole("status"), screen.getByRole("alert")]).toEqual([status, alert]);
  });

  test("say the same answer again to who asked again", async () => {
    const page = openPage(<AresGate usage="report" label="Report" />, {
      simulator: createAresSimulator({ users: { ada: 1 } }),
    });
    const alert = screen.getByRole("alert");
    await screen.findByText(/Not enough credits/);
    page.wire.meddle(async (_, forward) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return forward();
    });
    const again = screen.getByRole("button", { name: "I've topped up" });
    fireEvent.click(again);
    await waitFor(() => expect(again.getAttribute("aria-busy")).toBe("true"));
    const before = alert.firstChild;
    await waitFor(() => expect(again.getAttribute("aria-busy")).toBe("false"));
    await waitFor(() => expect(alert.firstChild).not.toBe(before));
    expect(alert.textContent).toContain("Not enough credits.");
  });

  test("tell that the balance could not be read, and it can be read again", async () => {
    const page = openPage(<p />);
    let down = true;
    page.wire.meddle(async (_, forward) =>
      down ? Response.json({ code: "rate_limited" }, { status: 429 }) : forward(),
    );
    page.show(<AresGate usage="image" label="Image" credits={4} />);
    await waitFor(() => expect(words()).toContain("Your balance could not be read."));
    down = false;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(words()).toContain("You have 698 credits."));
  });
});

describe("ChargeHistory", () => {
  function Book() {
    const { charges, error, refetch } = useAresCharges();
    return <ChargeHistory charges={charges} error={error} onRetry={refetch} />;
  }
  const rows = () => screen.queryAllByRole("listitem").map(({ textContent }) => textContent ?? "");

  test("shows the user's own charges and follows each new one", async () => {
    const page = openPage(
      <>
        <Book />
        <AresGate usage="report" resource="r-1" label="Report" />
      </>,
    );
    await screen.findByText(/Nothing has been charged yet/);
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(rows()[0]).toMatch(/report.*Paid|Paid.*report/);
    expect(rows()[0]).toContain("3 credits");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("says so where the endpoint keeps no record, as the guide's own route does", async () => {
    openPage(<Book />, { guide: true });
    await screen.findByText("Your charges could not be read.");
    expect(screen.getByRole("region", { name: "Charges" }).dataset.status).toBe("error");
    screen.getByRole("button", { name: "Try again" });
  });

  test("asks for nobody's charges while nobody is signed in", async () => {
    const page = openPage(<Book />, { provider: { session: "signed_out" } });
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    expect(page.wire.log).toHaveLength(0);
  });
});

describe("LowBalance", () => {
  test("speaks up when the balance sinks below its limit, from a live region that was there before", async () => {
    const page = openPage(<LowBalance below={10} />, {
      simulator: createAresSimulator({ users: { ada: 12 } }),
    });
    const live = screen.getByRole("status");
    await waitFor(() => expect(page.wire.reads()).toHaveLength(1));
    expect(live.textContent).toBe("");
    expect(screen.queryByRole("link")).toBeNull();

    page.show(<LowBalance below={20} />);
    await waitFor(() => expect(screen.getByRole("status")).toBe(live));
    await waitFor(() => expect(live.textContent).toBe("Your balance is low."));
    screen.getByText("You have 12 credits left.");
    expect(
      screen.getByRole("link", { name: "Get credits (opens in a new tab)" }).getAttribute("target"),
    ).toBe("_blank");
  });

  test("does not take an unread balance for an empty one", async () => {
    openPage(<LowBalance below={10} />, {
      provider: { fetch: async () => new Response("<html>", { status: 200 }) },
    });
    await act(() => new Promise((resolve) => setTimeout(resolve, 100)));
    expect(screen.getByRole("status").textContent).toBe("");
  });
});

test("InsufficientCredits shows what is missing and leads out in a new tab", async () => {
  const onCheck = vi.fn();
  openPage(<InsufficientCredits missing={0.5} onCheck={onCheck} />);
  const group = screen.getByRole("group", { name: "Not enough credits." });
  expect(within(group).getByText(/Not enough/).textContent).toContain("You are 0.5 credits short.");
  expect(within(group).getByRole("link").getAttribute("href")).toBe("https://joinares.com/pricing");
  fireEvent.click(within(group).getByRole("button", { name: "I've topped up" }));
  expect(onCheck).toHaveBeenCalledOnce();
});

test.each([
  ["signed_out", "Sign in"],
  ["not_connected", "Connect ARES"],
  ["reconnect", "Reconnect ARES"],
] as const)("ConnectAres offers the next step to a user who is %s", async (account, name) => {
  const step = vi.fn();
  openPage(<ConnectAres />, {
    account,
    provider: { signIn: step, connect: step, reconnect: step },
  });
  const button = await screen.findByRole("button", { name });
  fireEvent.click(button, { detail: 1 });
  fireEvent.click(button, { detail: 2 });
  expect(step).toHaveBeenCalledOnce();
});

test.each([
  [undefined, "Sign in", "Sign in to use this"],
  ["ares", "Sign in with ARES", "Sign in with ARES to use this"],
] as const)(
  "with signInWith %s a user who is signed out reads %s",
  async (signInWith, button, words) => {
    const signIn = () => {};
    openPage(
      [
        <ConnectAres key="c" />,
        <AresGate key="g" usage="report" />,
        <AresErrorNotice key="n" error={aresError("not_signed_in")} />,
      ],
      {
        account: "signed_out",
        provider: { signIn, signInWith },
      },
    );
    await waitFor(() =>
      expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual([
        button,
        `${button} to unlock · 3 credits`,
        button,
      ]),
    );
    expect(screen.getAllByText(words, { exact: false })).toHaveLength(1);
  },
);

describe("AresErrorNotice", () => {
  test.each(["internal", "unexpected_response"] as const)(
    'never calls %s "not charged"',
    (code) => {
      openPage(<AresErrorNotice error={aresError(code)} onRetry={() => {}} />);

      expect(screen.getByRole("alert").textContent).toContain("Payment not confirmed");
      expect(screen.queryByRole("button")).toBeNull();
    },
  );

  test("calls a charge under way what it is, and offers to look but not to pay again", () => {
    openPage(
      <AresErrorNotice
        error={aresError("charge_in_progress")}
        onRetry={() => {}}
        onCheck={() => {}}
      />,
    );
    expect(screen.getByRole("alert").textContent).toBe(
      "A charge is under way. Wait for its outcome.",
    );
    expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual([
      "Check now",
    ]);
  });

  test.each([
    ["insufficient_credits", "Not enough credits. You were not charged."],
    ["reconnect", "ARES connection ended. You were not charged."],
  ] as const)("says of %s that nothing was charged", (code, text) => {
    openPage(<AresErrorNotice error={aresError(code)} />);
    expect(screen.getByRole("alert").textContent).toBe(text);
  });

  test("tells the app's developer the code where its words name no cause", () => {
    openPage(<AresErrorNotice error={aresError("unknown_usage")} />);
    expect(screen.getByRole("alert").textContent).toBe(
      "Not available now. You were not charged. (unknown_usage)",
    );
  });

  test("names the new price where the refusal tells it", () => {
    openPage(
      <AresErrorNotice error={aresError("price_changed", undefined, false, { credits: 4 })} />,
    );
    expect(screen.getByRole("alert").textContent).toBe(
      "New price: 4 credits. You were not charged.",
    );
  });

  test("guesses nothing of a code that only a newer server knows", () => {
    const code: string = "ares_on_holiday";
    const error = Object.assign(aresError("internal"), { code });
    openPage(<AresErrorNotice error={error} onRetry={() => {}} />);
    expect(screen.getByRole("alert").textContent).toContain("Payment not confirmed");
    expect(screen.queryByRole("button")).toBeNull();
  });

  test.each([
    ["insufficient_credits", []],
    ["payment_required", ["Try again"]],
  ] as const)("leads to more credits at %s", (code, buttons) => {
    openPage(<AresErrorNotice error={aresError(code)} onRetry={() => {}} />);
    screen.getByRole("link", { name: "Get credits (opens in a new tab)" });
    expect(screen.queryAllByRole("button").map(({ textContent }) => textContent)).toEqual(buttons);
  });

  test("says of a charge that is used up that it was paid", () => {
    openPage(<AresErrorNotice error={aresError("used_up")} />);

    expect(screen.getByRole("alert").textContent).toBe(
      "What you paid for is used up. Nothing was charged just now.",
    );
  });

  test.each(["ledger_reset", "idempotency_key_expired"] as const)(
    'does not say "not charged" of what went before %s',
    (code) => {
      openPage(<AresErrorNotice error={aresError(code)} onRetry={() => {}} />);

      expect(screen.getByRole("alert").textContent).toBe(
        "Nothing was sent now. An earlier attempt may have been charged.",
      );
      expect(screen.queryByRole("button")).toBeNull();
    },
  );

  const refused = (code: AresErrorCode, details?: AresErrorDetails): ChargeState => {
    return {
      status: "not_charged",
      error: aresError(code, undefined, false, details),
      at: 0,
      credits: 3,
      before: 10,
    };
  };

  test.each(["network_error", "ledger_reset", "idempotency_key_expired", "internal"] as const)(
    "believes the state of a charge: %s without a charge took nothing, and may be tried again",
    (code) => {
      openPage(
        <AresErrorNotice
          charge={refused(code)}
          onRetry={() => {}}
          onCheck={() => {}}
          onReset={() => {}}
        />,
      );

      expect(screen.getByRole("alert").textContent).toMatch(/You were not charged\.$/);
      expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual([
        "Try again",
      ]);
    },
  );

  const every = Object.keys(errorTable).filter(isErrorCode);
  test.each(every)(
    "says of %s whether money moved, with the state of a charge and without one",
    (code) => {
      const page = openPage(<AresErrorNotice charge={refused(code)} />);
      expect(screen.getByRole("alert").textContent).toMatch(
        /You were not charged\.|Nothing was charged/,
      );
      page.show(<AresErrorNotice error={aresError(code)} />);
      expect(screen.getByRole("alert").textContent).toMatch(
        /not charged|charged just now|Nothing was charged|may have been|charge is under way/,
      );
    },
  );

  test("names both prices where the press agreed to one", () => {
    openPage(<AresErrorNotice charge={refused("price_changed", { credits: 4 })} />);
    expect(screen.getByRole("alert").textContent).toBe(
      "New price: 4 credits. You were not charged. It was 3 credits.",
    );
  });

  const mistakes = every.filter((code) => errorTable[code].retry === "no");
  test.each([...mistakes, "not_signed_in", "not_connected", "reconnect"] as const)(
    "does not offer to try again after %s, where that can't help",
    (code) => {
      openPage(<AresErrorNotice error={aresError(code)} onRetry={() => {}} />);

      expect(screen.getByRole("alert").textContent).not.toBe("");
      expect(screen.queryByRole("button")).toBeNull();
    },
  );

  test("has its live region before there is an error", () => {
    const page = openPage(<AresErrorNotice error={undefined} onRetry={() => {}} />);
    const alert = screen.getByRole("alert");
    expect([alert.textContent, screen.queryByRole("button")]).toEqual(["", null]);
    page.show(<AresErrorNotice error={aresError("network_error")} />);
    expect(screen.getByRole("alert")).toBe(alert);
    expect(alert.textContent).toBe(
      "There was no answer. If this was a charge, it may have been taken.",
    );
  });

  test("offers to try again, but never for an unknown outcome", () => {
    const onRetry = vi.fn();
    const onCheck = vi.fn();
    const page = openPage(
      <AresErrorNotice error={aresError("rate_limited")} onRetry={onRetry} onCheck={onCheck} />,
    );
    expect(screen.getByRole("alert").textContent).toContain("You were not charged");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));

    page.show(
      <AresErrorNotice error={aresError("outcome_unknown")} onRetry={onRetry} onCheck={onCheck} />,
    );
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Check now" }));
    expect([onRetry, onCheck].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });
});

test("a gate without a label says what its button does, and what is spent, without a gap", async () => {
  openPage(
    <AresGate usage="report" confirmation="always">
      paid
    </AresGate>,
  );
  fireEvent.click(await screen.findByRole("button", { name: "Unlock · 3 credits" }));
  await screen.findByRole("alertdialog", { name: /^Spend 3 credits\? / });
});

test("a slot replaces one state's markup, and native props reach the root", async () => {
  openPage(
    <AresGate
      usage="report"
      resource="r"
      id="gate"
      className="mine"
      slots={{
        locked: (state) => (
          <button type="button" onClick={state.unlock}>
            {`Pay ${state.price}`}
          </button>
        ),
      }}
    >
      paid
    </AresGate>,
  );
  fireEvent.click(await screen.findByRole("button", { name: "Pay 3" }));
  await screen.findByText("paid");
  expect(document.querySelector("#gate")?.className).toBe("mine");
});

test("texts can be replaced, and numbers follow the locale", async () => {
  openPage(<AresGate usage="report" label="Bericht" />, {
    provider: { locale: "de", messages: { unlock: "{label} freischalten", other: "{n} Credits" } },
    prices: { report: 1234.5 },
    simulator: createAresSimulator({ users: { ada: 9000 } }),
  });
  await screen.findByRole("button", { name: "Bericht freischalten · 1.234,5 Credits" });
});

test("no state of the gate breaks a rule of axe-core", async () => {
  for (const account of ["signed_out", "not_connected", "reconnect", "connected"] as const) {
    const page = openPage(<AresGate usage="image" label="Image" confirmation="always" />, {
      account,
      provider: { signIn() {}, connect() {}, reconnect() {} },
    });
    const button = await screen.findByRole("button");
    if (account === "connected") fireEvent.click(button);
    const { violations } = await axe.run(page.container, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(violations.map(({ id }) => id)).toEqual([]);
    page.unmount();
  }
});

test("the root's ref is the root", () => {
  const ref = createRef<HTMLDivElement>();
  openPage(<AresGate ref={ref} usage="report" />);
  expect(ref.current?.getAttribute("role")).toBe("group");
});
