import {
  type ComponentPropsWithoutRef,
  type ForwardedRef,
  type ForwardRefExoticComponent,
  forwardRef,
  type ReactElement,
  type ReactNode,
  type RefAttributes,
  useState,
} from "react";
import type { Receipt } from "../../client";
import { useCharge } from "../hooks/useCharge";
import type { UsageAndInput } from "../provider/register";
import { type AresGateActionsPart, NextActions } from "./AresGateActions";
import { Feature, inert, KeepPaidOnError, Kept } from "./parts/KeepPaidOnError";
import { type OwnButton, type OwnClassNames, type OwnLink, partsOf } from "./parts/looks";
import { useFocusKept } from "./parts/useFocusKept";
import { type AresGateState, priceOf } from "./state/gateState";
import { type ChargesOnClick, type ChargesOnMount, type GateOptions, useGate } from "./useAresGate";
import { GateRegions } from "./words/GateRegions";
import { useGateWords } from "./words/useGateWords";

type Members = { [M in AresGateState as M["status"]]: M };

/**
 * Own markup for each state of a gate; `null` shows nothing. `defaults` is what the gate would show below its words: keep
 * it in the markup to add to it, and the gate keeps its words too.
 */
export type AresGateSlots = {
  [S in keyof Members]?: (state: Members[S], defaults: ReactElement) => ReactNode;
};

/** The parts of a gate, by their `data-ares-part`. */
export type AresGatePart =
  | AresGateActionsPart
  | "actions"
  | "status"
  | "alert"
  | "content"
  | "preview";

export interface AresGateOwnProps
  extends GateOptions,
    Omit<ComponentPropsWithoutRef<"div">, "children" | "resource">,
    OwnClassNames<AresGatePart>,
    OwnButton,
    OwnLink {
  /**
   * The feature's name in the user's words. Without a label here or in the provider's `labels`, the texts name no feature,
   * and screen readers hear the usage.
   */
  label?: string | undefined;
  /** The reason why the gate can't be unlocked yet, in the user's words. Nothing is charged while there is a reason. */
  disabledReason?: string | undefined;
  /** A card; words and buttons alone; or these over a dimmed `preview`. @default "card" */
  variant?: "card" | "inline" | "overlay" | undefined;
  /** `small`: less text size and room, for a row or a toolbar. @default the page's `--ares-text` and `--ares-space` */
  size?: "small" | undefined;
  /**
   * A foretaste, dimmed and out of reach until the feature is paid. Everybody is sent the preview, so never put the paid
   * feature itself here.
   */
  preview?: ReactNode;
  slots?: AresGateSlots | undefined;
  /** The paid feature, or a function of its receipt. Rendered only in `unlocked` and `entitled`; `entitled` has no receipt. */
  children?: ReactNode | ((receipt: Receipt | undefined) => ReactNode);
}

export type AresGateProps = AresGateOwnProps & UsageAndInput & (ChargesOnClick | ChargesOnMount);

/**
 * Shows a paid feature once it is paid, and before that the way to pay.
 *
 * A gate in a browser is not a lock: protect the feature's own endpoint with `withCharge` or `requirePaid` too.
 *
 * Children that are server components of React are rendered and sent before anything is paid: everybody gets their text.
 * Around server components, use `AresServerGate` of `ares-react/rsc`.
 *
 * @example
 * <AresGate usage="report" resource={id} label="Report">
 *   <Report id={id} />
 * </AresGate>
 */
export const AresGate: ForwardRefExoticComponent<AresGateProps & RefAttributes<HTMLDivElement>> =
  /* @__PURE__ */ forwardRef(function AresGate(
    props: AresGateProps,
    ref: ForwardedRef<HTMLDivElement>,
  ) {
    const {
      usage,
      resource,
      input,
      credits,
      trigger,
      confirmation,
      entitled,
      onCharged,
      onRefused,
      onUnknown,
      label,
      disabledReason,
      variant,
      size,
      preview,
      classNames,
      renderButton,
      renderLink,
      slots,
      children,
      ...native
    } = props;
    const still = !!disabledReason;
    const options = {
      usage,
      resource,
      input,
      credits,
      trigger,
      confirmation,
      entitled,
      onCharged,
      onRefused,
      onUnknown,
      still,
    };
    const [handle, charge] = useCharge(options);
    const state = useGate(options, handle, charge, handle.charge);
    const { status } = state;
    const receipt = "receipt" in state ? state.receipt : undefined;
    const keep = "keep" in state ? state.keep : undefined;
    const name = label ?? state.label ?? usage;
    const part = partsOf(classNames);
    const speech = useGateWords(state, { label, disabledReason });
    const focus = useFocusKept(status + priceOf(state));
    const [kept, setKept] = useState(false);

    const looks = { classNames, renderButton, renderLink };
    const actions = <NextActions gate={state} speech={speech} looks={looks} />;
    const paid =
      typeof children === "function" ? <Feature draw={children} receipt={receipt} /> : children;
    const content = keep ? (
      <section aria-label={name} tabIndex={-1} {...part("content")}>
        <KeepPaidOnError keep={keep}>{paid}</KeepPaidOnError>
      </section>
    ) : status === "entitled" ? (
      paid
    ) : (
      preview && (
        <div {...part("preview")} ref={inert} aria-hidden>
          {preview}
        </div>
      )
    );
    const own =
      slots &&
      slot(
        slots,
        status,
        state,
        <Kept tell={setKept}>
          <div {...part("actions")} data-status={status}>
            {actions}
          </div>
          {content}
        </Kept>,
      );
    const isOwn = own !== undefined;

    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own looks and layout.
      <div
        role="group"
        aria-label={name}
        data-ares-part="gate"
        {...focus}
        {...native}
        ref={ref}
        data-variant={variant}
        data-size={size}
        data-status={status}
        data-code={"error" in state ? state.error.code : undefined}
        // A busy group would silence its live regions, so the button is busy instead.
        aria-busy={status === "loading" && !state.unread}
      >
        {/* What was charged is said beside an own slot too. */}
        <GateRegions
          gate={state}
          speech={speech}
          part={part}
          isSilent={isOwn && !kept && (status !== "unlocked" || own === null)}
        />
        {isOwn ? (
          own
        ) : (
          <>
            {actions}
            {content}
          </>
        )}
      </div>
    );
  });

const slot = <S extends keyof Members>(
  slots: AresGateSlots,
  status: S,
  state: Members[S],
  defaults: ReactElement,
) => slots[status]?.(state, defaults);
