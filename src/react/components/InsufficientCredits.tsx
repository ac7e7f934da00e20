import { type ComponentPropsWithoutRef, Fragment, forwardRef, useEffect, useState } from "react";
import { CheckAgain, useOwnLooks } from "../gate/parts/CheckAgain";
import { type OwnButton, type OwnClassNames, type OwnLink, partsOf } from "../gate/parts/looks";
import { More, type OwnSize } from "../gate/parts/More";
import { TopUpLink } from "../gate/parts/TopUpLink";
import { useFocusKept } from "../gate/parts/useFocusKept";
import { Title } from "../gate/words/Title";
import { useAnnouncement } from "../gate/words/useAnnouncement";
import { useAresUser } from "../hooks/useAresUser";
import { amountTexts, chargeTexts, lookTexts, shortageTexts } from "../messages/en";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";

/** The props of `InsufficientCredits`, beside those of a `<div>`. */
export interface InsufficientCreditsProps
  extends Omit<ComponentPropsWithoutRef<"div">, "children">,
    OwnClassNames<"alert" | "detail" | "check" | "topUp" | "more" | "popover">,
    OwnButton,
    OwnLink,
    OwnSize {
  /** How many credits are missing, where that is known. */
  missing?: number | undefined;
  /** Where users buy credits. @default the provider's */
  topUpUrl?: string | undefined;
  /** Notes that the user goes to the shop: the `topUp` of a gate, which then says what came. */
  onTopUp?: (() => void) | undefined;
  /** Reads the balance again. The balance is also read when the user comes back to the page. */
  onCheck?: (() => void) | undefined;
  /** True while the balance is being read again. @default told by the provider */
  checking?: boolean | undefined;
  /** True once the user has pressed in this gate: the `used` of a gate. Words that come afterwards interrupt; before, they are text. @default false */
  used?: boolean | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(amountTexts, lookTexts, chargeTexts, shortageTexts);

/**
 * Says that credits are missing, and links to the shop in a new tab: nothing on this page is lost.
 *
 * @example
 * if (gate.status === "insufficient") {
 *   return <InsufficientCredits missing={gate.missing} used={gate.used} onTopUp={gate.topUp} onCheck={gate.check} />;
 * }
 * return <><AresGateStatus gate={gate} /><AresGateActions gate={gate} /></>;
 */
export const InsufficientCredits = /* @__PURE__ */ forwardRef<
  HTMLDivElement,
  InsufficientCreditsProps
>(function InsufficientCredits(
  {
    missing,
    topUpUrl,
    onTopUp,
    onCheck,
    checking,
    used = false,
    size,
    classNames,
    renderButton,
    renderLink,
    ...rest
  },
  ref,
) {
  const { locale } = useAres();
  const part = partsOf(classNames);
  const messages = useTexts();
  const user = useAresUser({ enabled: false });
  const busy = checking ?? (onCheck !== undefined && user.isFetching);
  const { rounds, isChecked, ask } = useOwnLooks(busy);
  const focus = useFocusKept("insufficient", true);
  // A live region must be mounted before its words change.
  const [there, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  const short =
    missing === undefined ? undefined : formatCredits(missing, { messages, locale, round: "ceil" });
  const speaks = useAnnouncement(`${short} ${isChecked}`, used || rounds > 0);

  const isSmall = size === "small";
  const details = short && fill(messages.insufficient_missing, { missing: short });
  const words = (
    <Fragment key={rounds}>
      <Title part={part}>{messages.insufficient}</Title>{" "}
      {details && <span {...part("detail")}>{details}</span>}
      {isChecked && <span {...part("detail")}> {messages.checked}</span>}
    </Fragment>
  );

  const check = onCheck && (
    <CheckAgain
      after="topUp"
      part={part("check")}
      isLooking={busy}
      onCheck={() => {
        ask();
        onCheck();
      }}
      renderButton={renderButton}
    />
  );

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own looks and layout.
    <div
      data-ares-part="insufficient"
      {...focus}
      {...rest}
      ref={ref}
      data-size={size}
      role="group"
      aria-label={messages.insufficient}
    >
      {!speaks && !isSmall && (
        <p dir="auto" {...part("alert")}>
          {words}
        </p>
      )}
      <p
        role="alert"
        dir="auto"
        {...part("alert")}
        className={speaks ? classNames?.alert : undefined}
      >
        {speaks && there && words}
      </p>
      <TopUpLink part={part("topUp")} renderLink={renderLink} href={topUpUrl} onClick={onTopUp} />
      {isSmall ? (
        <More told={{ tone: "alert", title: messages.insufficient, details }} part={part}>
          {check}
        </More>
      ) : (
        check
      )}
    </div>
  );
});
