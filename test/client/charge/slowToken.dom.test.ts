import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chargesOf } from "../../../src/client";
import { createBrowser, createEndpoint, type Fate } from "../browser";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const well: Fate = { there: 0, work: 0, outcome: "charged", back: 0 };

/** Two tabs of one user. The sign-in takes half a second for each token. */
async function openTabs(contract: boolean, fates: Fate[] = []) {
  const endpoint = createEndpoint(contract, () => fates.shift() ?? well);
  const browser = createBrowser(endpoint.fetchOf, () => 500, endpoint.first);
  const open = () => chargesOf(browser.openPage().client).open({ usage: "export" });
  const tabs = [open(), open()] as const;
  await vi.advanceTimersByTimeAsync(0);
  return { ...endpoint, tabs };
}

describe.each([
  ["this kit's handler", true],
  ["the guide's route", false],
])("with a slow sign-in, on %s", (_, contract) => {
  test.each([0, 60, 300])("a press in two tabs, %i ms apart, is one charge", async (apart) => {
    const { tabs, deductions, sent } = await openTabs(contract);
    const [first, second] = tabs;

    void first.charge(1);
    await vi.advanceTimersByTimeAsync(apart);
    void second.charge(1);
    await vi.advanceTimersByTimeAsync(200_000);

    expect(new Set(sent).size).toBe(1);
    expect(deductions).toHaveLength(1);
    expect(first.get().status).toBe("charged");
  });
});

test("a tab does not call a charge not charged while another tab sends its key again", async () => {
  const fates: Fate[] = [{ ...well, there: null }];
  const { tabs, deductions, sent } = await openTabs(true, fates);
  const [first, second] = tabs;
  void first.charge(1);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(first.get().status).toBe("not_charged");

  fates.push({ ...well, there: 5000 });
  void first.charge(1);
  await vi.advanceTimersByTimeAsync(1000);
  const shown: string[] = [];
  second.subscribe(() => shown.push(second.get().status));
  await vi.advanceTimersByTimeAsync(200_000);

  expect(shown).not.toContain("not_charged");
  expect([first.get().status, second.get().status]).toEqual(["charged", "charged"]);
  expect(new Set(sent).size).toBe(1);
  expect(deductions).toHaveLength(1);
});
