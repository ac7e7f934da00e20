import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod/mini";
import { AresGate } from "../../src/react";
import { definePrices, quoted } from "../../src/server";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

const prices = definePrices({
  report: 3,
  render: quoted({ input: z.object({ pages: z.number() }), credits: ({ pages }) => pages * 0.1 }),
});

const film = (pages: number) => (
  <AresGate key={pages} usage="render" resource="film" input={{ pages }} label={`Film of ${pages}`}>
    <p>paid {pages}</p>
  </AresGate>
);

test("a gate shows the computed price, charges it, and opens for its own input alone", async () => {
  const page = openPage([film(12), film(500)], { prices });

  await page.user.click(
    await screen.findByRole("button", { name: "Unlock Film of 12 · 1.2 credits" }),
  );
  await screen.findByText("paid 12");

  expect(page.simulator.charges).toMatchObject([{ usage: "render", credits: 1.2 }]);
  expect(screen.getByRole("button", { name: "Unlock Film of 500 · 50 credits" })).toBeTruthy();
  page.reload();
  await screen.findByText("paid 12");
  await screen.findByRole("button", { name: "Unlock Film of 500 · 50 credits" });
  expect(page.wire.posts()).toHaveLength(1);
});

test("a gate whose price can't be read offers a look, which reads the price again, and no button that spends", async () => {
  const page = openPage(film(12), { prices });
  let isBroken = true;
  page.wire.meddle(async ({ url }, forward) =>
    isBroken && url.includes("pages") ? new Response("not found", { status: 404 }) : forward(),
  );
  await screen.findByText(/Not available now/);
  expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual([
    "Try again",
  ]);

  isBroken = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("button", { name: "Unlock Film of 12 · 1.2 credits" });
  expect(page.wire.posts()).toHaveLength(0);
});
