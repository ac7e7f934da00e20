import { type ComponentPropsWithoutRef, forwardRef, type ReactElement } from "react";
import { CheckAgain } from "./parts/CheckAgain";
import { ConfirmDialog } from "./parts/ConfirmDialog";
import {
  drawButton,
  type OwnButton,
  type OwnClassNames,
  type OwnLink,
  partsOf,
} from "./parts/looks";
import { type OwnSize, type Share, shareOf } from "./parts/More";
import { PricedVerb } from "./parts/PricedVerb";
import { StartOverDialog } from "./parts/StartOverDialog";
import { TopUpLink } from "./parts/TopUpLink";
import { useFocusKept } from "./parts/useFocusKept";
import { type AresGateState, priceOf } from "./state/gateState";
import { verbOf } from "./words/gateWords";
import { detailsOf } from "./words/told";
import { type GateSpeech, useGateWords } from "./words/useGateWords";
import type { GateKey } from "./words/writeText";

type Action = "signIn" | "connect" | "reconnect" | "unlock" | "retry" | "check" | "reset";

/** The parts of a gate's actions, by their `data-ares-part`. */
export type AresGateActionsPart = Action | "topUp" | "dialog" | "detail" | "cancel" | "confirm";

/** What else a gate draws with its looks: the words of a small one, and the copy button of an unconfirmed charge. */
type MorePart = "more" | "popover" | "copy";

type Looks = OwnClassNames<AresGateActionsPart | MorePart> & OwnButton & OwnLink;

/** The props of `AresGateActions`, beside those of a `<div>`. */
export interface AresGateActionsProps
  extends Omit<ComponentPropsWithoutRef<"div">, "children">,
    OwnClassNames<AresGateActionsPart>,
    OwnButton,
    OwnLink,
    OwnSize {
  /** The state of `useAresGate`. */
  gate: AresGateState;
  /** The feature's name in the user's words. @default the provider's label of the gate's usage */
  label?: string | undefined;
}

/**
 * Every next action of a gate with own markup: sign in, connect, unlock, confirm, try again, check, start over, top up.
 *
 * Keep the component mounted in every state, so that a pressed button keeps the focus. `AresGateStatus` says the state.
 *
 * @example
 * const gate = useAresGate({ usage: "export-pdf" });
 * return <><AresGateStatus gate={gate} /><AresGateActions gate={gate} label="export" /></>;
 */
export const AresGateActions = /* @__PURE__ */ forwardRef<HTMLDivElement, AresGateActionsProps>(
  function AresGateActions(
    { gate, label, size, classNames, renderButton, renderLink, ...rest },
    ref,
  ) {
    const speech = useGateWords(gate, { label });
    const focus = useFocusKept(gate.status + priceOf(gate), true);
    const looks = { classNames, renderButton, renderLink };
    return (
      <div
        data-ares-part="actions"
        {...focus}
        {...rest}
        ref={ref}
        data-size={size}
        data-status={gate.status}
      >
        <NextActions gate={gate} speech={speech} looks={looks} />
      </div>
    );
  },
);

interface NextActionsProps {
  gate: AresGateState;
  speech: GateSpeech;
  looks: Looks;
  /** True where a title above names the feature, so that the verb need not. */
  isTitled?: boolean | undefined;
  /** True where a pressed button also says what a long wait means, because no words are seen beside it. */
  saysWait?: boolean | undefined;
  share?: Share;
}

/** True where a state has more than one action. */
export const hasOthers = (gate: AresGateState): boolean =>
  offersOf(gate).length + Number(gate.status === "insufficient") > 1;

/** Every next action of a state. The primary action comes first, but in a question. */
export function NextActions({
  gate,
  speech,
  looks,
  isTitled,
  saysWait,
  share = "all",
}: NextActionsProps): ReactElement {
  const { classNames, renderButton, renderLink } = looks;
  const part = partsOf(classNames);
  // Another price gets another button: a press on the first price must not land on the second.
  const keyOf = (action: Action) =>
    action === "unlock" || action === "retry" ? `${action} ${priceOf(gate)}` : action;
  const links =
    gate.status === "insufficient"
      ? [
          <TopUpLink
            key="topUp"
            part={part("topUp")}
            renderLink={renderLink}
            href={gate.topUpUrl}
            onClick={gate.topUp}
          />,
        ]
      : [];
  const buttons = offersOf(gate).map(({ action, act }) => (
    <ActionButton
      key={keyOf(action)}
      action={action}
      act={act}
      gate={gate}
      speech={speech}
      looks={looks}
      isTitled={isTitled}
      saysWait={saysWait}
    />
  ));
  return (
    <>
      {shareOf([...links, ...buttons], share)}
      {gate.status === "confirming" && share !== "others" && (
        <ConfirmDialog
          part={part}
          renderButton={renderButton}
          question={speech.write(speech.label ? "confirming" : "confirming_plain")}
          detail={
            speech.blocked || (gate.after === undefined ? "" : speech.write("confirming_more"))
          }
          confirmLabel={
            <PricedVerb price={speech.price} seconds={0}>
              {speech.write("confirm")}
            </PricedVerb>
          }
          cancelLabel={speech.write("cancel")}
          onConfirm={speech.blocked ? undefined : gate.confirm}
          onCancel={gate.cancel}
        />
      )}
    </>
  );
}

interface Offer {
  action: Action;
  /** Undefined for a button that stays where it was pressed, until the outcome is known. */
  act: (() => void) | undefined;
}

const offer = (action: Action, act: (() => void) | undefined): Offer[] =>
  act ? [{ action, act }] : [];

/** The actions that a state offers, in their order on the page. */
function offersOf(gate: AresGateState): Offer[] {
  switch (gate.status) {
    case "signed_out":
      return offer("signIn", gate.signIn);
    case "not_connected":
      return offer("connect", gate.connect);
    case "reconnect":
      return offer("reconnect", gate.reconnect);
    case "loading":
    case "insufficient":
    case "unavailable":
      return offer("check", gate.check);
    case "locked":
      // A button that spends has a price on it, as soon as there is a way to read one.
      if (gate.check && gate.price === undefined) return offer("check", gate.check);
      return [...offer("unlock", gate.unlock), ...offer("check", gate.check)];
    case "price_changed":
      return offer("unlock", gate.unlock);
    case "confirming":
    case "charging":
      return [{ action: "unlock", act: undefined }];
    case "not_charged":
      return offer("retry", gate.retry);
    case "unknown":
      return [...offer("check", gate.check), ...offer("reset", gate.reset)];
    // Only the feature itself gives up its unlock.
    case "unlocked":
    case "entitled":
      return [];
  }
}

type ActionProps = Offer & NextActionsProps;

function ActionButton(props: ActionProps) {
  const { action, act, gate, speech, looks, isTitled } = props;
  const { classNames, renderButton } = looks;
  const { label, write, price, isLooking } = speech;
  const part = partsOf(classNames);
  switch (action) {
    case "unlock":
    case "retry":
      return <SpendButton {...props} />;

    case "check":
      return (
        <CheckAgain
          after={lookedFor(gate)}
          part={part(action)}
          isLooking={isLooking}
          onCheck={act}
          renderButton={renderButton}
        />
      );

    case "reset":
      return (
        <StartOverDialog
          evidence={gate.status === "unknown" ? gate.evidence : undefined}
          onReset={act}
          part={part}
          renderButton={renderButton}
        />
      );

    case "signIn":
    case "connect":
    case "reconnect":
      return drawButton(renderButton, {
        ...part(action),
        onClick: act,
        children: (
          <PricedVerb price={price} heard={isTitled ? label : undefined} seconds={0}>
            {write(stepKey(action, isTitled ? undefined : label))}
          </PricedVerb>
        ),
      });
  }
}

/** The button that spends. Pressed, it says that ARES is asked. */
function SpendButton({ action, act, gate, speech, looks, isTitled, saysWait }: ActionProps) {
  const { label, write, blocked, price, former, seconds } = speech;
  const verb = write(verbOf(gate, isTitled ? undefined : label));
  const isBusy = gate.status === "charging";
  return drawButton(looks.renderButton, {
    ...partsOf(looks.classNames)(action),
    "aria-busy": isBusy,
    onClick: blocked ? undefined : act,
    children: (
      <PricedVerb
        price={price}
        former={former}
        heard={isTitled ? label : undefined}
        seconds={seconds}
        busy={isBusy ? write("charging_button") : undefined}
        hint={isBusy && saysWait ? detailsOf(speech).own : undefined}
      >
        {verb}
      </PricedVerb>
    ),
  });
}

/** The words of a step before a purchase. */
function stepKey(step: keyof typeof stepKeys, label: string | undefined): GateKey {
  const key = stepKeys[step];
  return label ? key : `${key}_plain`;
}

const stepKeys = {
  signIn: "signed_out_button",
  connect: "not_connected_button",
  reconnect: "reconnect_button",
} as const;

/** What a look in this state is after. */
function lookedFor(gate: AresGateState): "unknown" | "topUp" | "unread" {
  if (gate.status === "unknown") return "unknown";
  return gate.status === "insufficient" && !gate.unread ? "topUp" : "unread";
}
