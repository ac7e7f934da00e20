import assert from "node:assert/strict";
import { renderToString } from "react-dom/server";
import { openPage } from "./openPage.mjs";

// The page's globals come first: some packages look at them once, when they are loaded.
const page = openPage();
const { createElement, StrictMode } = await import("react");
const { createRoot } = await import("react-dom/client");
const { AresGate, AresProvider, CreditBalance } = await import("ares-react");
const { createAresSimulator, createTestServer } = await import("ares-react/testing");

const simulator = createAresSimulator({ users: { ada: 10 } });
const { fetch } = createTestServer({ simulator });

/** @param {import("ares-react").AresGateProps} gate */
const app = (gate) =>
  createElement(
    StrictMode,
    null,
    createElement(
      AresProvider,
      { endpoint: "/api/ares", userKey: "ada", fetch },
      createElement(CreditBalance),
      createElement(AresGate, gate, createElement("p", null, "What was paid for")),
    ),
  );

/** @param {import("ares-react").AresGateProps} gate */
function open(gate) {
  const root = createRoot(page.newPlace());
  root.render(app(gate));
  return root;
}

const report = { usage: "report", resource: "r-1" };

assert.doesNotMatch(renderToString(app({ ...report, trigger: "mount" })), /What was paid for/);
assert.deepEqual(simulator.charges, [], "rendering on a server charges nothing");

let root = open(report);
const button = await page.button(/unlock/i);
assert.doesNotMatch(page.text(), /What was paid for/);
assert.deepEqual(simulator.charges, [], "showing a gate charges nothing");
button.click();
button.click();
await page.shows(/What was paid for/);
await page.shows(/\b7\b/);
assert.deepEqual(paid(), [["ada", "report", 3]], "a double click deducts once");

root.unmount();
root = open(report);
await page.shows(/What was paid for/);
assert.equal(page.findButton(/unlock/i), undefined);
assert.equal(paid().length, 1, "what was paid for opens by itself");

root.unmount();
root = open({ usage: "export-pdf", trigger: "mount" });
await page.shows(/What was paid for/);
assert.deepEqual(paid().slice(1), [["ada", "export-pdf", 1]], "mounting twice deducts once");
assert.equal(simulator.balanceOf("ada"), 6);

root.unmount();
assert.deepEqual(page.complaints, [], "React has nothing to complain about");
console.log("a press unlocks with one deduction, under StrictMode");
process.exit(0);

function paid() {
  return simulator.charges.map(({ userId, usage, credits }) => [userId, usage, credits]);
}
