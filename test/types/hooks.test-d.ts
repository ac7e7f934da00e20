import { expectTypeOf } from "vitest";
import {
  type AresError,
  type AresGateProps,
  type OutcomeListeners,
  type Receipt,
  type UseAresUsageResult,
  useAresAction,
  useAresUsage,
} from "../../src";

// The compiler is the test: each state of a usage has its own members, and the status narrows them.
declare const usage: UseAresUsageResult;

export function told(it: UseAresUsageResult): string | number | boolean | undefined {
  switch (it.status) {
    case "idle":
      return it.usedUp;
    case "charging":
      return it.credits;
    case "charged":
      return expectTypeOf(it.receipt).toEqualTypeOf<Receipt>() && it.receipt.id;
    case "not_charged":
      return expectTypeOf(it.error).toEqualTypeOf<AresError>() && it.retryAt;
    case "unknown":
      return it.checking && it.evidence.looks;
    default:
      return it satisfies never;
  }
}

// @ts-expect-error only a charged usage has a receipt
export const early = usage.receipt;
// @ts-expect-error only an unknown usage has evidence
export const guessed = usage.status === "charging" ? usage.evidence : undefined;
export const price: number | undefined = usage.price;

expectTypeOf(usage.chargeAsync).returns.resolves.toEqualTypeOf<Receipt>();
expectTypeOf(usage.check).returns.resolves.toHaveProperty("status");
expectTypeOf(usage.reset).returns.toBeVoid();

/** The listeners of a hook, of a call and of a gate are one type. */
export const listeners: OutcomeListeners = {
  onCharged: (receipt) => expectTypeOf(receipt).toEqualTypeOf<Receipt>(),
  onRefused: ({ code }, { usage, resource }) => [code, usage, resource],
  onUnknown: (error, target) => [error.code satisfies string, target.usage],
};
export function Listening() {
  const { charge } = useAresUsage({ usage: "report", ...listeners });
  void charge({ resource: "r-1", credits: 3 }, { onCharged: ({ credits }) => credits });
  // @ts-expect-error a listener of an outcome that does not exist
  void charge({}, { onFailed: () => {} });
  // @ts-expect-error the price is a number
  void charge({ credits: "3" });
}
export const gate: AresGateProps = { usage: "report", ...listeners };

/** The children of a gate are a node, or a function of the receipt, which a subscriber has none of. */
export const children: AresGateProps[] = [
  { usage: "report", children: "The report." },
  {
    usage: "report",
    children: (receipt) =>
      expectTypeOf(receipt).toEqualTypeOf<Receipt | undefined>() && receipt?.id,
  },
];
// @ts-expect-error a subscriber has no receipt
export const sure: AresGateProps = { usage: "report", children: (receipt) => receipt.id };

/** An action gets its key first, and keeps its own arguments and its answer. */
export function Acting() {
  const draw = useAresAction(
    { usage: "image" },
    async (key: string, prompt: string, size?: { width: number }) => ({ key, prompt, size }),
  );
  expectTypeOf(draw.run).parameters.toEqualTypeOf<
    [prompt: string, size?: { width: number } | undefined]
  >();
  expectTypeOf(draw.runAsync).returns.resolves.toEqualTypeOf<{
    key: string;
    prompt: string;
    size: { width: number } | undefined;
  }>();
  // @ts-expect-error a date is no plain JSON, so the same call could not be known again
  useAresAction({ usage: "image" }, async (_key: string, at: Date) => at);
  // @ts-expect-error the key is a text
  useAresAction({ usage: "image" }, async (key: number) => key);
}
