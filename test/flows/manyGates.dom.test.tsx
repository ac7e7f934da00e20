import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { AresGate } from "../../src/react";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

const list = (many: number) =>
  [...Array(many).keys()].map((n) => (
    <AresGate key={n} usage="report" resource={`r-${n}`} label={`Report ${n}`}>
      <p>paid {n}</p>
    </AresGate>
  ));

const unlocks = () => screen.queryAllByText(/^Unlock/, { selector: "button > span" });

test("a page of 100 gates asks at most three times: for its user, for one resource, and for all the others", async () => {
  const page = openPage(list(100));
  await waitFor(() => expect(unlocks()).toHaveLength(100));
  // Where the user's answer comes first, the first resource is asked for with all the others.
  expect(page.wire.reads().length).toBeLessThanOrEqual(3);
  expect(page.wire.posts()).toEqual([]);
});

test("each gate of the page opens by its own resource's charge alone", async () => {
  const page = openPage(list(12));
  await waitFor(() => expect(unlocks()).toHaveLength(12));
  for (const n of [2, 7]) await page.user.click(screen.getByRole("button", { name: `Unlock Report ${n} · 3 credits` }));
  await screen.findByText("paid 7");

  page.reload();
  await waitFor(() => expect(unlocks()).toHaveLength(10));
  expect(screen.getAllByText(/^paid/).map(({ textContent }) => textContent)).toEqual(["paid 2", "paid 7"]);
  expect(page.simulator.charges).toHaveLength(2);
});

test("a page of gates in front of the guide's own route asks for each resource, and charges nothing by itself", async () => {
  const page = openPage(list(5), { guide: true });
  await waitFor(() => expect(page.wire.reads().filter(({ url }) => url.includes("usage="))).toHaveLength(5));
  expect(page.wire.posts()).toEqual([]);
});
