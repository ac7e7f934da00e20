import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { AresGate, type AresGateOwnProps, UnlockButton, useAresGate } from "../../src/react";
import { memoryLedger } from "../../src/server";
import { createAresSimulator, createTestServer } from "../../src/testing";
import { openPage, wireOf } from "./page";

beforeEach(() => localStorage.clear());

/** A shop that can raise its price from 1 to 40 credits while a page is open. */
function openShop(props: Partial<AresGateOwnProps> = {}, ui?: ReactNode) {
  const simulator = createAresSimulator();
  const ledger = memoryLedger();
  const shopAt = (credits: number) =>
    createTestServer({ simulator, prices: { "export-pdf": credits }, server: { ledger } });
  let shop = shopAt(1);
  const wire = wireOf((input, init) => shop.fetch(input, init));
  const { user } = openPage(
    ui ?? (
      <AresGate usage="export-pdf" label="Export" {...props}>
        <p>The export</p>
      </AresGate>
    ),
    { provider: { fetch: wire.fetch } },
  );
  const raise = () => {
    shop = shopAt(40);
  };
  return { simulator, user, wire, raise };
}

type Shop = ReturnType<typeof openShop>;

const unlock = () => screen.findByRole("button", { name: "Unlock Export · 1 credit" });
const charged = ({ simulator }: Shop) => simulator.charges.map(({ credits }) => credits);
const posted = ({ wire }: Shop) => wire.posts().map(({ body }) => body);

/** Presses the button. The server refuses before any charge. */
async function pressInVain({ wire }: Shop): Promise<void> {
  wire.meddle(async ({ method }, forward) => {
    if (method !== "POST") return forward();
    wire.meddle(undefined);
    return Response.json(
      { code: "ledger_unavailable", retryable: true },
      { status: 503, headers: { "Ares-Contract": "1" } },
    );
  });
  fireEvent.click(await unlock());
  await screen.findByText(/You were not charged\./);
}

test("a press on Try again agrees to the price on that button, also when it has been raised since the first press", async () => {
  const shop = openShop();
  await pressInVain(shop);
  shop.raise();
  act(() => void window.dispatchEvent(new Event("online")));

  fireEvent.click(await screen.findByRole("button", { name: "Try again · 40 credits" }));

  await screen.findByText("The export");
  expect(posted(shop)).toMatchObject([{ credits: 1 }, { credits: 40 }]);
  expect(charged(shop)).toEqual([40]);
});

test("a press on Try again charges nothing when its button still shows the old price", async () => {
  const shop = openShop();
  await pressInVain(shop);
  shop.raise();

  fireEvent.click(screen.getByRole("button", { name: "Try again · 1 credit" }));

  expect(
    (await screen.findByRole("button", { name: "Unlock Export · 40 credits" })).getAttribute(
      "aria-disabled",
    ),
  ).toBe("false");
  expect(posted(shop)).toMatchObject([{ credits: 1 }, { credits: 1 }]);
  expect(charged(shop)).toEqual([]);
});

test("a second Enter agrees to no new price: the focus is on the words that tell it", async () => {
  const shop = openShop();
  const button = await unlock();
  shop.raise();

  button.focus();
  await shop.user.keyboard("{Enter}");
  const alert = await screen.findByRole("alert");
  await waitFor(() => expect(document.activeElement).toBe(alert));
  await shop.user.keyboard("{Enter}");

  expect(alert.textContent).toContain("New price: 40 credits");
  expect(posted(shop)).toMatchObject([{ credits: 1 }]);
  expect(charged(shop)).toEqual([]);
});

test.each(["never", "always"] as const)(
  "a press that began at one price does not end at another (confirm %s)",
  async (confirm) => {
    const shop = openShop({ confirmation: confirm });
    let target = await unlock();
    if (confirm === "always") {
      fireEvent.click(target);
      target = await screen.findByRole("button", { name: "Spend · 1 credit" });
    }
    await shop.user.pointer({ keys: "[MouseLeft>]", target });
    shop.raise();
    act(() => void window.dispatchEvent(new Event("online")));
    if (confirm === "never")
      await screen.findByRole("button", { name: "Unlock Export · 40 credits" });
    else await waitFor(() => expect(shop.wire.reads().length).toBeGreaterThan(1));

    await shop.user.pointer({ keys: "[/MouseLeft]", target });

    await screen.findByRole("button", { name: "Unlock Export · 40 credits" });
    await act(() => new Promise((next) => setTimeout(next, 300)));
    expect(charged(shop)).toEqual([]);
  },
);

describe("a gate that asks from so many credits on", () => {
  test("also asks when the price has risen so high before Try again", async () => {
    const shop = openShop({ confirmation: 10 });
    await pressInVain(shop);
    shop.raise();
    act(() => void window.dispatchEvent(new Event("online")));
    fireEvent.click(await screen.findByRole("button", { name: "Try again · 40 credits" }));

    fireEvent.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(shop.wire.posts()).toHaveLength(1);
  });

  test("also asks when the server answers that the price has risen so high", async () => {
    const shop = openShop({ confirmation: 10 });
    const button = await unlock();
    shop.raise();
    fireEvent.click(button);
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 40 credits" }));
    expect(charged(shop)).toEqual([]);

    fireEvent.click(await screen.findByRole("button", { name: "Spend · 40 credits" }));
    await screen.findByText("The export");
    expect(posted(shop)).toMatchObject([{ credits: 1 }, { credits: 40 }]);
  });
});

test("a second Enter agrees to no new price on a button of the app's own that is in the tab order by itself", async () => {
  const shop = openShop({ renderButton: (props) => <button tabIndex={0} {...props} /> });
  (await unlock()).focus();
  shop.raise();

  await shop.user.keyboard("{Enter}");
  await screen.findByRole("button", { name: "Unlock Export · 40 credits" });
  await shop.user.keyboard("{Enter}");
  await act(() => new Promise((next) => setTimeout(next, 300)));

  expect(charged(shop)).toEqual([]);
});

test("the price that was agreed to stays on the button while it is charged, and the focus with it", async () => {
  function Own() {
    const gate = useAresGate({ usage: "export-pdf" });
    return <UnlockButton gate={gate} label="Export" />;
  }
  const shop = openShop({}, <Own />);
  const button = await unlock();
  shop.raise();
  fireEvent.click(button);
  const dear = await screen.findByRole("button", { name: "Unlock Export · 40 credits" });
  dear.focus();
  const free = shop.wire.holdPost();

  await shop.user.keyboard("{Enter}");
  await waitFor(() => expect(dear.getAttribute("aria-busy")).toBe("true"));

  expect(dear.textContent).toContain("40 credits");
  expect(document.activeElement).toBe(dear);
  await act(async () => free());
});

test("a question that the balance can't answer is not asked, and one that went does not come back by itself", async () => {
  const shop = openShop({ confirmation: "always" });
  fireEvent.click(await unlock());
  shop.simulator.setBalance("user_1", 0.5);
  act(() => void window.dispatchEvent(new Event("online")));
  await screen.findByText(/Not enough credits/);
  expect(screen.queryByRole("alertdialog")).toBeNull();

  shop.simulator.setBalance("user_1", 10);
  act(() => void window.dispatchEvent(new Event("online")));
  const button = await unlock();
  expect(screen.queryByRole("alertdialog")).toBeNull();

  shop.raise();
  fireEvent.click(button);
  fireEvent.click(await screen.findByRole("button", { name: "Spend · 1 credit" }));
  await screen.findByText(/Not enough credits/);
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

test("the old price stands struck through beside the new one, for the eye alone", async () => {
  const shop = openShop();
  await unlock();
  shop.raise();
  fireEvent.click(await unlock());

  const button = await screen.findByRole("button", { name: "Unlock Export · 40 credits" });

  expect(button.querySelector("del")?.textContent?.trim()).toBe("1");
  expect(button.querySelector("del")?.getAttribute("aria-hidden")).toBe("true");
});
