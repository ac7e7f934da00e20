/**
 * The kits that stand beside this one, at fixed versions, each with the least that shows a paid feature: a provider, and the hook or component
 * that asks whether it may be used. What an app has anyway is not counted: React.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../nextSmoke/processes.mjs";

export const root = path.resolve(import.meta.dirname, "../..");

/**
 * @typedef {object} Rival
 * @property {string} name
 * @property {string[]} packages With their versions. None: nothing is installed.
 * @property {string} source A module that exports the page's `App`.
 */

const react = [
  "react@19.3.1",
  "react-dom@19.3.1",
  "@types/react@19.3.1",
  "@types/react-dom@19.3.0",
];

export const mppx = ["mppx@0.11.0", "viem@2.57.20"];

/** @type {Rival[]} */
export const rivals = [
  {
    name: "the guide's button and fetch",
    packages: [],
    source: `import { useState } from "react";
export function App() {
  const [text, setText] = useState("");
  const use = async () => {
    const answer = await fetch("/api/ares", { method: "POST", body: JSON.stringify({ usage: "report", credits: 3 }) });
    setText(answer.ok ? "Here is your report." : "Failed");
  };
  return <><button onClick={use}>Use</button><p>{text}</p></>;
}`,
  },
  {
    name: "useMutation of react-query",
    packages: ["@tanstack/react-query@5.108.0"],
    source: `import { QueryClient, QueryClientProvider, useMutation } from "@tanstack/react-query";
const client = new QueryClient();
function Report() {
  const use = useMutation({ mutationFn: () => fetch("/api/ares", { method: "POST" }) });
  return use.isSuccess ? <p>Here is your report.</p> : <button onClick={() => use.mutate()}>Use</button>;
}
export function App() {
  return <QueryClientProvider client={client}><Report /></QueryClientProvider>;
}`,
  },
  {
    name: "OpenFeature",
    packages: [
      "@openfeature/react-sdk@1.4.1",
      "@openfeature/web-sdk@1.10.0",
      "@openfeature/core@1.12.0",
    ],
    source: `import { OpenFeatureProvider, useBooleanFlagValue } from "@openfeature/react-sdk";
function Report() {
  return useBooleanFlagValue("report", false) ? <p>Here is your report.</p> : null;
}
export function App() {
  return <OpenFeatureProvider><Report /></OpenFeatureProvider>;
}`,
  },
  {
    name: "Autumn",
    packages: ["autumn-js@1.3.13"],
    source: `import { AutumnProvider, useCustomer } from "autumn-js/react";
function Report() {
  const { check } = useCustomer();
  return check({ featureId: "report" }).allowed ? <p>Here is your report.</p> : null;
}
export function App() {
  return <AutumnProvider><Report /></AutumnProvider>;
}`,
  },
  {
    name: "Schematic",
    packages: ["@schematichq/schematic-react@1.8.0"],
    source: `import { SchematicProvider, useSchematicEntitlement } from "@schematichq/schematic-react";
function Report() {
  return useSchematicEntitlement("report").value ? <p>Here is your report.</p> : null;
}
export function App() {
  return <SchematicProvider publishableKey="key"><Report /></SchematicProvider>;
}`,
  },
  {
    name: "Flowglad",
    packages: ["@flowglad/react@0.18.0"],
    source: `import { FlowgladProvider, useBilling } from "@flowglad/react";
function Report() {
  return useBilling().checkFeatureAccess?.("report") ? <p>Here is your report.</p> : null;
}
export function App() {
  return <FlowgladProvider><Report /></FlowgladProvider>;
}`,
  },
  {
    name: "Clerk",
    packages: ["@clerk/react@6.18.0"],
    source: `import { ClerkProvider, Show } from "@clerk/react";
export function App() {
  return (
    <ClerkProvider publishableKey="pk_test_Y2xlcmsuZXhhbXBsZSQ">
      <Show when={{ feature: "report" }}><p>Here is your report.</p></Show>
    </ClerkProvider>
  );
}`,
  },
  {
    name: "Polar's embedded checkout",
    packages: ["@polar-sh/checkout@0.4.1"],
    source: `import { PolarEmbedCheckout } from "@polar-sh/checkout/embed";
export function App() {
  return <button onClick={() => PolarEmbedCheckout.create("https://polar.sh/checkout/1")}>Buy</button>;
}`,
  },
  {
    name: "mppx, with Tempo",
    packages: mppx,
    source: `import { Mppx, tempo } from "mppx/client";
import { privateKeyToAccount } from "viem/accounts";
const paying = Mppx.create({ polyfill: false, methods: [tempo({ account: privateKeyToAccount("0x0") })] });
export function App() {
  return <button onClick={() => paying.fetch("/report")}>Use</button>;
}`,
  },
];

/** This kit, as its package was built. @type {Rival} */
export const kit = {
  name: "ares-react, with `<AresGate>`",
  packages: ["@tanstack/react-query@5.108.0"],
  source: `import { AresGate, AresProvider } from "ares-react";
export function App() {
  return (
    <AresProvider endpoint="/api/ares">
      <AresGate usage="report"><p>Here is your report.</p></AresGate>
    </AresProvider>
  );
}`,
};

/** This kit without its components. @type {Rival} */
export const headlessKit = {
  name: "ares-react, with `useAresGate`",
  packages: kit.packages,
  source: `import { AresProvider, useAresGate } from "ares-react";
function Report() {
  const gate = useAresGate({ usage: "report" });
  return gate.status === "unlocked" ? <p>Here is your report.</p> : null;
}
export function App() {
  return <AresProvider endpoint="/api/ares"><Report /></AresProvider>;
}`,
};

/**
 * Installs a kit into a folder of its own. The answer is undefined where that fails.
 *
 * @param {Pick<Rival, "packages" | "source">} rival
 */
export async function installed({ packages, source }) {
  const folder = mkdtempSync(path.join(tmpdir(), "ares-react-bench-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  writeFileSync(path.join(folder, "package.json"), '{ "private": true, "type": "module" }');
  writeFileSync(path.join(folder, "page.tsx"), source);
  const quietly = ["--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps"];
  try {
    await run("npm", ["install", ...quietly, ...react, ...packages], { cwd: folder, ms: 300_000 });
    return { folder, remove };
  } catch {
    remove();
    return undefined;
  }
}
