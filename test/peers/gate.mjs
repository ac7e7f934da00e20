import assert from "node:assert/strict";
import { renderToString } from "react-dom/server";
import { openPage } from "./openPage.mjs";

// The page's globals come first: some packages read them once, when they are loaded.
const page = openPage();
const { createElement, StrictMode } = await import("react");
const { createRoot } = await import("react-dom/client");
const { AresGate, AresProvider, CreditBalance } = await import("ares-react");
const { createAresSimulator, createTestServer } = await import("ares-react/testing");

const simulator = createAresSimulator({ users: { ada: 20 } });
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

assert.doesNotMatch(
  renderToString(app({ usage: "image", trigger: "mount", resource: "i-1" })),
  /What was paid for/,
);
assert.deepEqual(paid(), [], "rendering on a server charges nothing");

let root = open({ usage: "export-pdf" });
let button = await page.button(/unlock/i);
assert.doesNotMatch(page.text(), /What was paid for/);
assert.deepEqual(paid(), [], "showing a gate charges nothing");
button.click();
button.click();
await page.shows(/What was paid for/);
await page.shows(/\b19\b/);
assert.deepEqual(paid(), ["export-pdf"], "a double click deducts once");
root.unmount();

const report = { usage: "report", resource: "r-1" };
root = open(report);
button = await page.button(/unlock/i);
button.click();
await page.shows(/What was paid for/);
root.unmount();
root = open(report);
await page.shows(/What was paid for/);
assert.deepEqual(paid(), ["export-pdf", "report"], "what was paid for opens by itself");
root.unmount();

root = open({ usage: "image", trigger: "mount", resource: "i-1" });
await page.shows(/What was paid for/);
assert.deepEqual(
  paid(),
  ["export-pdf", "report", "image"],
  "mounting, which StrictMode does twice, deducts once",
);
assert.equal(simulator.balanceOf("ada"), 12);
root.unmount();
assert.deepEqual(page.complaints, [], "React has nothing to complain about");
console.log("a press unlocks with one deduction, under StrictMode");
process.exit(0);

function paid() {
  return simulator.charges.map(({ usage }) => usage);
}
