import { beforeEach, expect, test } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { createTestServer } from "../../../src/testing";

beforeEach(() => localStorage.clear());

test.each([["export-pdf", undefined, 1] as const, ["report", "r-1", 3] as const])(
  "of two tabs that join in one charge of %s, one says that credits were spent",
  async (usage, resource, credits) => {
    const { fetch, simulator } = createTestServer();
    const openTab = () => {
      const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch });
      client.connect();
      return chargesOf(client).open({ usage, resource });
    };
    const tabs = [openTab(), openTab()];
    for (const tab of tabs) tab.subscribe(() => {});

    const states = await Promise.all(tabs.map((tab) => tab.charge(credits)));

    expect(states.map(({ status }) => status)).toEqual(["charged", "charged"]);
    expect(simulator.charges).toHaveLength(1);
    const restored = states.map((state) => state.status === "charged" && state.receipt.restored);
    expect(restored.sort()).toEqual([false, true]);
  },
);
