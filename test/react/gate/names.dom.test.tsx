import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { AresGate } from "../../../src/react";
import { createAresSimulator } from "../../../src/testing";
import { openPage } from "../../flows/page";

beforeEach(() => localStorage.clear());

const small = <AresGate usage="report" label="Report" size="small" />;
const button = (name: string) => screen.findByRole("button", { name });
const seenOf = (button: HTMLElement) => {
  const seen = button.cloneNode(true) as HTMLElement;
  for (const heard of seen.querySelectorAll("[data-ares-part=heard]")) heard.remove();
  return seen.textContent;
};

test("a card's button says the verb alone, and names its feature after it", async () => {
  openPage(<AresGate usage="report" label="Report" variant="card" />);
  expect(seenOf(await button("Unlock · 3 credits · Report"))).not.toContain("Report");
});

test("a small gate's button says the verb alone beside words on the money, and names its feature after it", async () => {
  const page = openPage(small);
  page.simulator.fail("refused", { on: "usage" });
  fireEvent.click(await button("Unlock Report · 3 credits"));
  expect(seenOf(await button("Try again · 3 credits · Report"))).not.toContain("Report");
});

test("a small gate short of credits says so", async () => {
  const simulator = createAresSimulator({ users: { ada: 1 } });
  openPage(<AresGate usage="report" size="small" />, { simulator });
  expect((await button("Not enough credits")).textContent).toBe("Not enough credits");
});

test("a small gate with a label that is short of credits shows the label, named by its title too", async () => {
  openPage(small, { simulator: createAresSimulator({ users: { ada: 1 } }) });
  expect((await button("Report, Not enough credits")).textContent).toBe("Report");
});

test("a small gate whose connection has ended says so once: its button says what to do", async () => {
  openPage(small, { account: "reconnect", provider: { reconnect: () => {} } });
  await button("Reconnect for Report · 3 credits");
  expect((await button("Details")).textContent).toBe("");
});
