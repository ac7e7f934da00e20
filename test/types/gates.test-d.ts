import type {
  AresGateOwnProps,
  AresGateProps,
  AresGateState,
  ChargeReceiptProps,
  UseAresGateOptions,
} from "../../src";

// The compiler is the test: what charges by itself names what it charges for.
export const onMount: UseAresGateOptions = { usage: "report", resource: "r-1", trigger: "mount" };
export const onClick: AresGateProps[] = [
  { usage: "report" },
  { usage: "report", trigger: "click" },
  { usage: "report", resource: undefined },
];

/** An app's own gate may leave the trigger to its caller, once the resource is sure. */
export const either = (
  resource: string,
  trigger: "click" | "mount",
  rest: Omit<AresGateOwnProps, "resource">,
): AresGateProps => ({
  ...rest,
  resource,
  trigger,
});

// @ts-expect-error a gate that charges by itself needs a resource
export const unnamed: UseAresGateOptions = { usage: "report", trigger: "mount" };
// @ts-expect-error a resource that may be missing is none
export const unsure: AresGateProps = {
  usage: "report",
  trigger: "mount",
  resource: Math.random() > 1 ? "r-1" : undefined,
};

export const looks: AresGateOwnProps[] = [
  { usage: "report", variant: "card", size: "small" },
  { usage: "report", variant: "overlay", preview: "Chapter 1" },
];
// @ts-expect-error a variant that the sheet does not know
export const unknownLook: AresGateOwnProps = { usage: "report", variant: "banner" };

/** The link of an app's own tells the gate that the user goes to the shop. */
export const toTheShop = (gate: AresGateState): (() => void) | undefined =>
  gate.status === "insufficient" ? gate.topUp : undefined;
export const named: ChargeReceiptProps["labels"] = {
  report: "Report",
  "report-42": "Tides of the North Sea",
};
