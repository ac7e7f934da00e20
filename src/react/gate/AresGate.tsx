import {
  type ComponentProps,
  type ComponentPropsWithoutRef,
  type ForwardedRef,
  type ForwardRefExoticComponent,
  forwardRef,
  type ReactElement,
  type ReactNode,
  type RefAttributes,
  useState,
} from "react";
import { useCharge } from "../hooks/useCharge";
import type { UsageAndInput } from "../provider/register";
import { type AresGateActionsPart, hasOthers, NextActions } from "./AresGateActions";
import { KeepPaidOnError } from "./parts/KeepPaidOnError";
import { type OwnButton, type OwnClassNames, type OwnLink, partsOf } from "./parts/looks";
import { More, type OwnSize } from "./parts/More";
import { OpenCharge } from "./parts/OpenCharge";
import { type GateChildren, PaidChildren } from "./parts/PaidChildren";
import { Preview } from "./parts/Preview";
import { SlotDefaults } from "./parts/SlotDefaults";
import { useFocusKept } from "./parts/useFocusKept";
import { type AresGateState, priceOf } from "./state/gateState";
import { type ChargesOnClick, type ChargesOnMount, type GateOptions, useGate } from "./useAresGate";
import { GateRegions } from "./words/GateRegions";
import { toldOf } from "./words/told";
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
  | "title"
  | "more"
  | "popover"
  | "copy"
  | "content"
  | "preview";

/** The props of `AresGate` that no usage changes, beside those of a `<div>`. */
export interface AresGateOwnProps
  extends GateOptions,
    Omit<ComponentPropsWithoutRef<"div">, "children" | "resource">,
    OwnClassNames<AresGatePart>,
    OwnButton,
    OwnLink,
    OwnSize {
  /**
   * The feature's name in the user's words. Without a label here or in the provider's `labels`, the texts name no feature,
   * and screen readers hear the usage.
   */
  label?: string | undefined;
  /** The reason why the gate can't be unlocked yet, in the user's words. Nothing is charged while there is a reason. */
  disabledReason?: string | undefined;
  /**
   * Words and buttons alone; a card, titled by `label`; or words and buttons over a `preview` that fades. A small gate draws
   * no card. @default "plain"
   */
  variant?: "plain" | "card" | "overlay" | undefined;
  /**
   * A foretaste, faded and out of reach until the feature is paid. Everybody is sent the preview, so never put the paid
   * feature itself here.
   */
  preview?: ReactNode;
  slots?: AresGateSlots | undefined;
  /** Stands in place of the children and of all words and buttons, in every state without a slot. @default the kit's markup */
  fallback?: ReactNode;
  /** The paid feature, or a function of its receipt. Rendered only in `unlocked` and `entitled`; `entitled` has no receipt. */
  children?: GateChildren;
}

/** The props of `AresGate`: its own, the usage with its input, and when it charges. */
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
    const { label, disabledReason, classNames, renderButton, renderLink } = props;
    const [handle, charge] = useCharge(props);
    const state = useGate({ ...props, still: !!disabledReason }, handle, charge, handle.charge);
    const speech = useGateWords(state, { label, disabledReason });
    const focus = useFocusKept(state.status + priceOf(state));
    const [isKept, setKept] = useState(false);

    const { status } = state;
    const name = label ?? state.label ?? props.usage;
    const part = partsOf(classNames);
    const looks = { classNames, renderButton, renderLink };
    const isSmall = props.size === "small";
    const isTitled = hasTitle(props, status);
    // Beside few words on the money there is room for a verb alone.
    const isPlain = isSmall ? speech.words.tone === "alert" : isTitled;
    const next = { gate: state, speech, looks, isTitled: isPlain, saysWait: !renderButton };
    const actions = <NextActions {...next} share={isSmall ? "first" : "all"} />;
    const content = contentOf(state, name, props);
    const own = ownMarkup(
      state,
      <SlotDefaults tell={setKept}>
        <div {...part("actions")} data-status={status}>
          {actions}
        </div>
        {content}
      </SlotDefaults>,
      props,
    );
    const isOwn = own !== undefined;
    // What was charged is said beside an own slot too.
    const isCostSaid = status === "unlocked" && own !== null;
    const isSilent = isOwn && !isKept && !isCostSaid;

    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own looks and layout.
      <div
        role="group"
        aria-label={name}
        data-ares-part="gate"
        {...focus}
        {...elementProps(props)}
        ref={ref}
        data-variant={props.variant ?? "plain"}
        data-size={props.size}
        data-status={status}
        data-code={"error" in state ? state.error.code : undefined}
        // A busy group would silence its live regions, so the button is busy instead.
        aria-busy={status === "loading" && !state.unread}
      >
        {isTitled && !isOwn && (
          <p dir="auto" {...part("title")}>
            {name}
          </p>
        )}
        <GateRegions
          gate={state}
          speech={speech}
          part={part}
          isSilent={isSilent}
          seen={seenIn(status, renderButton)}
          isHidden={isSmall}
        />
        {!isSmall && !isSilent && <OpenChargeOf {...next} />}
        {isOwn ? (
          own
        ) : (
          <>
            {actions}
            {content}
          </>
        )}
        {isSmall && !isSilent && <MoreOfGate {...next} />}
      </div>
    );
  });

/** What the eye finds of the words: a pressed button says the rest. From an app's own button no hint can hang. */
function seenIn(status: AresGateState["status"], renderButton: OwnButton["renderButton"]) {
  if (status !== "charging") return "all";
  return renderButton ? "details" : "nothing";
}

type Next = ComponentProps<typeof NextActions>;

/** Which charge of a gate is not confirmed. */
function OpenChargeOf({ gate, looks }: Next) {
  const { classNames, renderButton } = looks;
  const evidence = gate.status === "unknown" ? gate.evidence : undefined;
  return <OpenCharge evidence={evidence} part={partsOf(classNames)} renderButton={renderButton} />;
}

/** What a small gate has no room for: its words, which charge is meant, and all actions but the first. */
function MoreOfGate(next: Next) {
  const { gate, speech, looks } = next;
  const hasMore = gate.status === "unknown" || hasOthers(gate);
  return (
    <More told={toldOf(gate, speech)} part={partsOf(looks.classNames)}>
      {hasMore && (
        <>
          <OpenChargeOf {...next} />
          <NextActions {...next} share="others" />
        </>
      )}
    </More>
  );
}

/** What stands below the words and buttons: the paid feature, or its preview. */
function contentOf(
  state: AresGateState,
  name: string,
  { classNames, preview, children }: AresGateOwnProps,
): ReactNode {
  const part = partsOf(classNames);
  switch (state.status) {
    case "unlocked":
      return (
        <section aria-label={name} tabIndex={-1} {...part("content")}>
          <KeepPaidOnError keep={state.keep}>
            <PaidChildren receipt={state.receipt}>{children}</PaidChildren>
          </KeepPaidOnError>
        </section>
      );
    case "entitled":
      return <PaidChildren receipt={undefined}>{children}</PaidChildren>;
    default:
      return preview && <Preview part={part("preview")}>{preview}</Preview>;
  }
}

/** The app's own markup for a state: its slot, or the fallback where no children are shown. Undefined without either. */
function ownMarkup(
  state: AresGateState,
  defaults: ReactElement,
  { slots, fallback }: AresGateOwnProps,
): ReactNode {
  const slot = slots && drawSlot(slots, state.status, state, defaults);
  return slot === undefined && isShut(state.status) ? fallback : slot;
}

/** True where a card shows the feature's name. */
const hasTitle = ({ variant, size }: AresGateOwnProps, status: AresGateState["status"]): boolean =>
  variant === "card" && size !== "small" && isShut(status);

/** True while the children are not shown. */
const isShut = (status: AresGateState["status"]): boolean =>
  status !== "unlocked" && status !== "entitled";

const drawSlot = <S extends keyof Members>(
  slots: AresGateSlots,
  status: S,
  state: Members[S],
  defaults: ReactElement,
) => slots[status]?.(state, defaults);

/** The props that belong on the gate's element: all that are not the gate's own. */
function elementProps(props: AresGateProps) {
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
    slots,
    fallback,
    classNames,
    renderButton,
    renderLink,
    children,
    ...element
  } = props;
  return element;
}
