import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import {
  AresGate,
  AresGateActions,
  AresGateStatus,
  ConnectAres,
  InsufficientCredits,
  UnlockButton,
  useAresGate,
} from "../../src/react";
import { createAresSimulator } from "../../src/testing";
import { modals } from "./modals";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

const focused = () => document.activeElement;

function OwnGate() {
  const gate = useAresGate({ usage: "report", confirmation: "always" });
  return (
    <>
      <AresGateStatus gate={gate} label="Report" />
      <AresGateActions gate={gate} label="Report" />
    </>
  );
}

describe("a question that closes from outside", () => {
  const gates = {
    AresGate: <AresGate usage="report" label="Report" confirmation="always" />,
    "AresGate with a slot": (
      <AresGate
        usage="report"
        label="Report"
        confirmation="always"
        slots={{ confirming: (_, defaults) => <div>{defaults}</div> }}
      />
    ),
    "own markup": <OwnGate />,
  };
  const changes = {
    "the user signs out": { session: "signed_out" },
    "another user signs in": { userKey: "bob" },
    "the account loses its connection": { connection: "not_connected" },
    "another account is connected": { account: "ares-2" },
  } as const;
  test.each(
    Object.entries(gates).flatMap(([name, gate]) =>
      Object.entries(changes).map(([change, provider]) => ({ name, gate, change, provider })),
    ),
  )("leaves the focus in $name when $change", async ({ gate, provider }) => {
    modals();
    const page = openPage(gate, {
      provider: {
        userKey: "ada",
        session: "signed_in",
        account: "ares-1",
        connect: () => {},
        signIn: () => {},
      },
    });
    const button = await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    button.focus();
    fireEvent.click(button);
    await waitFor(() => expect(focused()?.textContent).toBe("Cancel"));

    page.show(gate, provider);

    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    await waitFor(() => expect(screen.queryByText("Checking your account")).toBeNull());
    expect(focused()).not.toBe(document.body);
  });
});

describe("an UnlockButton that goes", () => {
  function Row({ stays }: { stays: boolean }) {
    const gate = useAresGate({ usage: "export-pdf" });
    const isOpen = gate.status === "unlocked";
    return (
      <ul>
        <li aria-label="Row">
          {(stays || !isOpen) && <UnlockButton gate={gate} label="export" />}
          {isOpen && <a href="/export.pdf">Open</a>}
        </li>
      </ul>
    );
  }
  test.each([true, false])(
    "leaves the focus in its place, in front of what it unlocked (the component stays: %s)",
    async (stays) => {
      const page = openPage(<Row stays={stays} />);
      const button = await screen.findByRole("button", { name: "Unlock export · 1 credit" });
      button.focus();
      await page.user.keyboard("{Enter}");
      await screen.findByRole("link", { name: "Open" });
      await waitFor(() => expect(focused()).toBe(screen.getByRole("listitem", { name: "Row" })));
      await page.user.tab();
      expect(focused()).toBe(screen.getByRole("link", { name: "Open" }));
      expect(page.simulator.charges).toHaveLength(1);
    },
  );

  test("leaves the focus on the words that tell it, where the words stand beside the button", async () => {
    function Own() {
      const gate = useAresGate({ usage: "export-pdf" });
      return (
        <div>
          <UnlockButton gate={gate} label="export" />
          <AresGateStatus gate={gate} label="export" />
        </div>
      );
    }
    const page = openPage(<Own />);
    (await screen.findByRole("button", { name: "Unlock export · 1 credit" })).focus();
    await page.user.keyboard("{Enter}");
    await screen.findByText(/^Unlocked/);
    await waitFor(() => expect(focused()).toBe(screen.getByRole("status")));
  });

  test("takes no focus from elsewhere", async () => {
    const page = openPage(
      <>
        <Row stays />
        <input aria-label="elsewhere" />
      </>,
    );
    const free = page.wire.holdPost();
    fireEvent.click(await screen.findByRole("button", { name: "Unlock export · 1 credit" }));
    await page.user.click(screen.getByRole("textbox"));
    free();
    await screen.findByRole("link", { name: "Open" });
    expect(focused()).toBe(screen.getByRole("textbox"));
  });
});

describe("an icon of an app's own, and the actions in all other states,", () => {
  function Toolbar() {
    const gate = useAresGate({ usage: "export-pdf" });
    const isForSale = "unlock" in gate || "retry" in gate || gate.status === "charging";
    return (
      <div>
        {isForSale ? (
          <UnlockButton gate={gate} label="export" icon="E" />
        ) : (
          <AresGateActions gate={gate} label="export" />
        )}
        <AresGateStatus gate={gate} label="export" />
      </div>
    );
  }

  test("hand the focus to the words, and the next stop of the Tab key is the way out", async () => {
    const simulator = createAresSimulator({ users: { ada: 1 } });
    const page = openPage(<Toolbar />, { simulator });
    const unlock = await screen.findByRole("button", { name: "Unlock export · 1 credit" });
    simulator.spendElsewhere("ada", 1);
    unlock.focus();
    await page.user.keyboard("{Enter}");
    const check = await screen.findByRole("button", { name: "I've topped up" });
    await waitFor(() => expect(focused()).toBe(screen.getByRole("alert")));

    check.focus();
    simulator.topUp("ada", 5);
    await page.user.keyboard("{Enter}");
    await screen.findByRole("button", { name: "Unlock export · 1 credit" });
    await waitFor(() => expect(focused()?.textContent).toContain("You have 5 credits."));
    expect(page.simulator.charges).toHaveLength(0);
  });
});

describe("a component that goes with its focused button", () => {
  test("leaves the focus in its place: ConnectAres", async () => {
    const shown = (
      <section aria-label="Line">
        <ConnectAres />
      </section>
    );
    const provider = {
      session: "signed_in",
      connection: "not_connected",
      connect: () => {},
    } as const;
    const page = openPage(shown, { provider });
    (await screen.findByRole("button", { name: "Connect ARES" })).focus();
    page.show(shown, { ...provider, connection: "connected" });
    await waitFor(() => expect(screen.queryByRole("button")).toBeNull());
    await waitFor(() => expect(focused()).toBe(screen.getByLabelText("Line")));
  });

  test("leaves the focus in its place: InsufficientCredits in own markup", async () => {
    function Own() {
      const gate = useAresGate({ usage: "report" });
      if (gate.status === "insufficient")
        return (
          <InsufficientCredits
            missing={gate.missing}
            used={gate.used}
            onTopUp={gate.topUp}
            onCheck={gate.check}
          />
        );
      return <AresGateActions gate={gate} label="Report" />;
    }
    const simulator = createAresSimulator({ users: { ada: 1 } });
    const page = openPage(
      <section aria-label="Own">
        <Own />
      </section>,
      { simulator },
    );
    (await screen.findByRole("button", { name: "I've topped up" })).focus();
    simulator.topUp("ada", 5);
    await page.user.keyboard("{Enter}");
    await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    await waitFor(() => expect(focused()).toBe(screen.getByRole("region", { name: "Own" })));
  });
});
