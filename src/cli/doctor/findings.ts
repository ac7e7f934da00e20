import type { Finding } from "../../server";

export type { Finding };

export const found = (name: string, status: Finding["status"], message: string): Finding => ({
  name,
  status,
  message,
});

/** The page of each subject, in the package itself. */
export const pages: Readonly<Record<string, string>> = {
  address: "frameworks.md",
  headers: "frameworks.md",
  cache: "security.md",
  clock: "guarantees.md",
  ledger: "ledgers.md",
  origins: "options.md#createaresserver",
  cors: "frameworks.md#an-api-on-another-origin",
  prices: "options.md",
  ARES: "clerk.md",
  "sign-in": "clerk.md",
  events: "operate/run.md#alerts",
  evidence: "ledgers.md#unknown-charges",
  forUser: "ledgers.md#unknown-charges",
  charge: "errors.md",
  colours: "looks.md",
};

/** Findings as lines for a terminal. Below each one that needs work stands the page that says how. */
export function linesOf(findings: readonly Finding[]): string {
  const marks = {
    ok: "ok     ",
    warning: "warning",
    error: "ERROR  ",
    skipped: "skipped",
  } as const;
  const lines = findings.flatMap(({ name, status, message }) => {
    const page = pages[name];
    const line = `${marks[status]}  ${name}: ${message}`;
    const needsWork = status === "warning" || status === "error";
    return !needsWork || page === undefined
      ? [line]
      : [line, `         see node_modules/ares-react/docs/${page}`];
  });
  return [...lines, isSound(findings) ? "No errors." : "Correct the errors first."].join("\n");
}

export const isSound = (findings: readonly Finding[]): boolean =>
  findings.every(({ status }) => status !== "error");
