import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { AresGate } from "../../src/react";
import { lookUpsOf } from "../client/lookUps";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

const list = (many: number, credits?: number) =>
  [...Array(many).keys()].map((n) => (
    <AresGate key={n} usage="report" resource={`r-${n}`} label={`Report ${n}`} credits={credits}>
      <p>paid {n}</p>
    </AresGate>
  ));

const unlocks = () => screen.queryAllByText(/^Unlock/, { selector: "button > span > span" });

test("a page of 100 gates asks three times: for its user, and twice for its resources", async () => {
  const page = openPage(list(100));
  await waitFor(() => expect(unlocks()).toHaveLength(100));
  expect(page.wire.reads().length).toBeLessThanOrEqual(3);
  expect(page.wire.posts()).toEqual([]);
});

test("each gate of the page opens by its own resource's charge alone", async () => {
  const page = openPage(list(12));
  await waitFor(() => expect(unlocks()).toHaveLength(12));
  for (const n of [2, 7])
    await page.user.click(screen.getByRole("button", { name: `Unlock Report ${n} · 3 credits` }));
  await screen.findByText("paid 7");

  page.reload();
  await waitFor(() => expect(unlocks()).toHaveLength(10));
  expect(screen.getAllByText(/^paid/).map(({ textContent }) => textContent)).toEqual([
    "paid 2",
    "paid 7",
  ]);
  expect(page.simulator.charges).toHaveLength(2);
});

test("a page of gates in front of the guide's own route asks once, sells its resources, and charges nothing by itself", async () => {
  const page = openPage(list(5, 3), { guide: true });
  await waitFor(() => expect(unlocks()).toHaveLength(5));
  expect(page.wire.reads().filter(({ url }) => lookUpsOf(url).length)).toHaveLength(1);
  expect(screen.queryByText(/could not check/)).toBeNull();
  expect(page.wire.posts()).toEqual([]);
});
