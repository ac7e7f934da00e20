import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { useEffect, useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { AresGate, useAresUsage } from "../../src/react";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

/** A button that starts a download for each receipt it gets. */
function Exporter({ onPress, onReceipt }: { onPress?: () => void; onReceipt?: () => void }) {
  const [downloads, setDownloads] = useState(0);
  const { chargeAsync, status } = useAresUsage({ usage: "export-pdf", credits: 1 });
  const download = () => {
    setDownloads((before) => before + 1);
    onReceipt?.();
  };
  const press = () => {
    void chargeAsync().then(download, () => {});
    onPress?.();
  };
  return (
    <>
      <button type="button" onClick={press}>
        Export
      </button>
      <p>{`${status}, ${downloads} downloads`}</p>
    </>
  );
}

const press = () => fireEvent.click(screen.getByRole("button", { name: "Export" }));

test("the receipt of a charge that was paid over a reload is handed out before another charge is made", async () => {
  const page = openPage(<Exporter />);
  const free = page.wire.holdPost();
  press();
  await waitFor(() => expect(page.wire.posts()).toHaveLength(1));
  page.reload();
  free();
  await screen.findByText("charged, 0 downloads");

  press();
  await screen.findByText("charged, 1 downloads");
  expect(page.simulator.charges).toHaveLength(1);

  press();
  await screen.findByText("charged, 2 downloads");
  expect(page.simulator.charges).toHaveLength(2);
});

test("a receipt that was handed out after its button was gone opens no gate of that usage later", async () => {
  let downloads = 0;
  function Menu() {
    const [open, setOpen] = useState(true);
    return open && <Exporter onPress={() => setOpen(false)} onReceipt={() => downloads++} />;
  }
  const page = openPage(<Menu />);
  press();
  await waitFor(() => expect(downloads).toBe(1));
  expect(screen.queryByRole("button")).toBeNull();
  await act(() => new Promise((next) => setTimeout(next, 1200)));

  page.show(
    <AresGate usage="export-pdf" label="Export">
      <p>The export</p>
    </AresGate>,
  );

  await screen.findByRole("button", { name: "Unlock Export · 1 credit" });
  expect(screen.queryByText("The export")).toBeNull();
  expect(Object.values({ ...localStorage }).filter((text) => !text.includes("paidAt"))).toEqual([]);
  expect(page.simulator.charges).toHaveLength(1);
});

test.each(["click", "mount"] as const)(
  "the unlock that a gate on %s has shown is no receipt for a button in its place",
  async (trigger) => {
    const page = openPage(
      <AresGate
        usage="export-pdf"
        label="Export"
        {...(trigger === "mount" ? { trigger, resource: "e-1" } : { trigger })}
      >
        <p>The export</p>
      </AresGate>,
    );
    if (trigger === "click")
      fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));
    await screen.findByText("The export");

    page.show(<Exporter />);
    press();

    await screen.findByText("charged, 1 downloads");
    expect(page.simulator.charges).toHaveLength(2);
  },
);

test("the receipt of a charge that was paid over a reload is still handed out after another reload", async () => {
  const page = openPage(<Exporter />);
  // The answer comes after its page was closed.
  page.wire.meddle(async ({ method }, forward) => {
    const answer = await forward();
    return method === "POST" ? new Promise(() => {}) : answer;
  });
  press();
  await waitFor(() => expect(page.simulator.charges).toHaveLength(1));
  const second = page.reload();
  await screen.findByText("charged, 0 downloads");
  // Longer than a delivered key is kept for other tabs.
  await act(() => new Promise((next) => setTimeout(next, 1300)));
  second.unmount();
  page.reload();
  await screen.findByText("charged, 0 downloads");

  press();
  await screen.findByText("charged, 1 downloads");
  expect(page.simulator.charges).toHaveLength(1);
});

test("the receipt of a charge that was confirmed after its caller had heard of an unknown one is handed out after a reload", async () => {
  const page = openPage(<Exporter />);
  await waitFor(() => expect(screen.getByText("idle, 0 downloads")).toBeTruthy());
  page.wire.losePost("after");
  press();
  await screen.findByText("charged, 0 downloads");
  page.reload();
  await screen.findByText("charged, 0 downloads");

  press();
  await screen.findByText("charged, 1 downloads");
  expect(page.simulator.charges).toHaveLength(1);
});

test("a caller that delivers by status and resets at once is charged for each press, and gets each receipt once", async () => {
  const delivered = new Set<string | undefined>();
  function Delivery() {
    const { charge, reset, ...state } = useAresUsage({ usage: "export-pdf" });
    const { status } = state;
    const receipt = state.status === "charged" ? state.receipt : undefined;
    useEffect(() => {
      if (status !== "charged") return;
      delivered.add(receipt?.key);
      reset();
    }, [status, receipt, reset]);
    return (
      <button type="button" onClick={() => void charge()}>
        Export
      </button>
    );
  }
  const page = openPage(<Delivery />);
  for (const times of [1, 2, 3]) {
    press();
    await waitFor(() => expect(delivered.size).toBe(times));
    await act(() => new Promise((next) => setTimeout(next, 50)));
  }
  expect(page.simulator.charges).toHaveLength(3);
});
