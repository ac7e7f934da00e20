import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CreditBalance } from "../../../src/react";
import { createAresSimulator } from "../../../src/testing";
import { openPage } from "../../flows/page";
import { stopFrames } from "./frames";

const { frames, setTime, pass } = stopFrames();
const shown = () => screen.getByRole("group").textContent;
const count = (ms: number) => pass(ms, shown);

beforeEach(() => localStorage.clear());
afterEach(() => document.documentElement.removeAttribute("style"));

async function openAndSpend(credits: number) {
  const simulator = createAresSimulator({ users: { ada: 698.29 } });
  const page = openPage(<CreditBalance refresh />, { simulator });
  await screen.findByText("698.29 credits");
  expect(frames.size).toBe(0);
  simulator.setBalance("ada", credits);
  await page.user.click(screen.getByRole("button", { name: "Refresh balance" }));
  await screen.findByRole("group", { name: `ARES balance: ${credits} credits` });
  return page;
}

test("a balance counts to its new value in 400 ms, and readers hear the new value at once", async () => {
  await openAndSpend(695.29);
  expect(shown()).toBe("698.29 credits");
  const seen = count(400);
  expect(new Set(seen)).toEqual(new Set(["697.29 credits", "696.29 credits", "695.29 credits"]));
  expect(seen.at(-1)).toBe("695.29 credits");
  expect(frames.size).toBe(0);
});

test("a balance counts up too", async () => {
  await openAndSpend(701.29);
  expect(count(400).at(0)).toBe("699.29 credits");
  expect(shown()).toBe("701.29 credits");
});

test("a balance counts down to nothing", async () => {
  await openAndSpend(0);
  expect(shown()).toBe("698 credits");
  count(400);
  expect(shown()).toBe("0 credits");
});

test("a balance that changes while it counts ends at the newest value", async () => {
  const page = await openAndSpend(695.29);
  count(100);
  page.simulator.setBalance("ada", 690.29);
  await page.user.click(screen.getByRole("button", { name: "Refresh balance" }));
  await screen.findByRole("group", { name: "ARES balance: 690.29 credits" });
  expect(shown()).toBe("695.29 credits");
  count(400);
  expect(shown()).toBe("690.29 credits");
  expect(frames.size).toBe(0);
});

test.each([
  ["people asked for less motion", () => vi.stubGlobal("matchMedia", () => ({ matches: true }))],
  [
    "the app has no motion",
    () => document.documentElement.style.setProperty("--ares-duration", "0s"),
  ],
  [
    "the page is hidden",
    () => vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden"),
  ],
])("nothing counts where %s", async (_, arrange) => {
  arrange();
  await openAndSpend(695.29);
  expect(shown()).toBe("695.29 credits");
  expect(frames.size).toBe(0);
});

test("the balance of another user is there at once", async () => {
  const page = await openAndSpend(695.29);
  page.simulator.setBalance("ada", 20);
  page.show(<CreditBalance />, { userKey: "somebody else" });
  await screen.findByText("20 credits");
  expect(frames.size).toBe(0);
});

test("no frame shows more than was there, also a frame whose time is before the change", async () => {
  setTime(1000);
  await openAndSpend(0.29);
  setTime(900);
  expect(count(50)).toEqual(["698.29 credits"]);
  count(500);
  expect(shown()).toBe("0.29 credits");
});
