import type { AresError, UseAresUserResult } from "../../src";

// The compiler is the test: every state has the members that a page destructures, and the status narrows them.
declare const result: UseAresUserResult;

export const { status, credits, user, error, refetch } = result;

export function narrowed(it: UseAresUserResult): [number, AresError] | undefined {
  if (it.status === "ready" && it.error) return [it.credits, it.error];
  return it.status === "error" ? [0, it.error] : undefined;
}

// @ts-expect-error a balance that was not read is no number
export const guessed: number = result.credits;
