import { type ComponentPropsWithoutRef, Fragment, forwardRef } from "react";
import { type CallState, type ChargeState, mayStartOver } from "../../client";
import { type AresError, meaningOf } from "../../contract";
import { CheckAgain, useOwnLooks } from "../gate/parts/CheckAgain";
import {
  drawButton,
  type OwnButton,
  type OwnClassNames,
  type OwnLink,
  partsOf,
} from "../gate/parts/looks";
import { More, type OwnSize, shareOf } from "../gate/parts/More";
import { OpenCharge } from "../gate/parts/OpenCharge";
import { StartOverDialog } from "../gate/parts/StartOverDialog";
import { TopUpLink } from "../gate/parts/TopUpLink";
import { useFocusKept } from "../gate/parts/useFocusKept";
import {
  chargeOf,
  type ErrorWords,
  errorWords,
  failureOf,
  openError,
} from "../gate/words/errorWords";
import { moneyBrief } from "../gate/words/gateWords";
import { Title } from "../gate/words/Title";
import { createWriter, type TextKey } from "../gate/words/writeText";
import { useAresUser } from "../hooks/useAresUser";
import { englishMessages, noticeTexts } from "../messages/en";
import {
  codeInDevelopment,
  errorText,
  mayTryAgain,
  mustBeLookedAt,
  stepOf,
} from "../messages/errorTexts";
import { useAres } from "../provider/context";
import { createTexts, namingAres } from "../provider/useMessages";
import type { AresUserState } from "../provider/userStore";
import { ConnectAres } from "./ConnectAres";

/** The props of `AresErrorNotice`, beside those of a `<div>`. */
export interface AresErrorNoticeProps
  extends Omit<ComponentPropsWithoutRef<"div">, "children">,
    OwnClassNames<
      | "alert"
      | "topUp"
      | "check"
      | "retry"
      | "reset"
      | "connect"
      | "dialog"
      | "detail"
      | "cancel"
      | "more"
      | "popover"
      | "copy"
    >,
    OwnButton,
    OwnLink,
    OwnSize {
  /**
   * The state of a charge, of `useAresUsage`, or of an action, of `useAresAction`. Only the state tells whether the charge took
   * credits.
   */
  charge?: ChargeState | CallState | undefined;
  /** An error without a state, such as the error of `useAresUser`. Without an error the notice is empty. */
  error?: AresError | null | undefined;
  /**
   * Offers to try again, where a retry can help. After a bare `network_error` repeat the same call: `useAresFetch` keeps its key,
   * so the call is one use.
   */
  onRetry?: (() => void) | undefined;
  /** Offers to check a charge whose outcome is unknown. */
  onCheck?: (() => void) | undefined;
  /**
   * Offers to start over, after a question, once the page has stopped looking at an unknown `charge`. As in a gate, never for
   * a resource whose outcome the server can tell.
   */
  onReset?: (() => void) | undefined;
  /** True while the outcome is being checked. @default told by `charge` */
  checking?: boolean | undefined;
}

const useTexts = /* @__PURE__ */ namingAres(
  /* @__PURE__ */ createTexts(englishMessages, noticeTexts),
);

/**
 * Says in plain words what went wrong, and whether the user was charged.
 *
 * The notice offers no retry after a mistake of the app, nor of a charge whose outcome is unknown. Without enough credits the
 * notice links to the shop. Without ARES the notice has the provider's way to sign in or to connect.
 * Keep the notice mounted, also without an error: a live region announces only changes.
 *
 * @example
 * const usage = useAresUsage({ usage: "export-pdf" });
 * return <AresErrorNotice charge={usage} onRetry={usage.charge} onCheck={usage.check} onReset={usage.reset} />;
 */
export const AresErrorNotice = /* @__PURE__ */ forwardRef<HTMLDivElement, AresErrorNoticeProps>(
  function AresErrorNotice(
    {
      charge: state,
      error: bare,
      onRetry,
      onCheck,
      onReset,
      checking,
      size,
      classNames,
      renderButton,
      renderLink,
      ...rest
    },
    ref,
  ) {
    const part = partsOf(classNames);
    const { locale } = useAres();
    const messages = useTexts();
    const user = useAresUser({ enabled: false });
    const charge = chargeOf(state);
    const { error, words } = failureOf(state) ?? troubleOf(charge, bare, user);
    const named = { user: user.user?.email, ...words?.named };
    const write = createWriter<TextKey>(messages, locale, named);
    const isLooking = checking ?? isBeingRead(charge);
    const looks = useOwnLooks(isLooking);
    const focus = useFocusKept(`${words?.heading} ${isWatched(charge)}`);
    const acts = { onCheck, onReset, onRetry };
    const offers = offersIn(state, error, acts);
    const isChecked = looks.isChecked && mayHaveCharged(error, charge);
    const isSmall = size === "small";
    const heading = write(words?.heading);
    const details = sentence(words?.details.map(write), codeOf(error, words));
    const checked = isChecked ? write("checked") : "";

    const buttons = buttonsOf({
      offers,
      error,
      evidence: words?.evidence,
      isLooking,
      ask: looks.ask,
      retry: write("retry"),
      looks: { size, classNames, renderButton, renderLink },
    });
    const openCharge = (
      <OpenCharge evidence={words?.evidence} part={part} renderButton={renderButton} />
    );

    return (
      <div
        data-ares-part="error"
        {...focus}
        {...rest}
        ref={ref}
        data-size={size}
        data-code={error?.code}
        data-status={isDoubt(words?.heading) ? "unknown" : undefined}
      >
        {/* It is there before its words, and the same answer to another look is heard again. */}
        <p role="alert" dir="auto" tabIndex={words && -1} {...part("alert")}>
          <Fragment key={looks.rounds}>
            <Title part={part}>{heading}</Title>
            {details && " "}
            {details && <span {...part("detail")}>{details}</span>}
            {checked && ` ${checked}`}
          </Fragment>
        </p>
        {!isSmall && openCharge}
        {shareOf(buttons, isSmall ? "first" : "all")}
        {words && isSmall && (
          <More
            told={{
              tone: "alert",
              money: write(moneyBrief(words)),
              title: heading,
              details: sentence([details], checked),
            }}
            part={part}
          >
            {openCharge}
            {shareOf(buttons, "others")}
          </More>
        )}
      </div>
    );
  },
);

const sentence = (texts: readonly string[] = [], last = ""): string =>
  [...texts, last].filter(Boolean).join(" ");

const codeOf = (error: AresError | undefined, words: ErrorWords | undefined) =>
  error && words?.heading === "unavailable" ? codeInDevelopment(error) : undefined;

interface ButtonsProps {
  offers: Offers;
  error: AresError | undefined;
  evidence: ErrorWords["evidence"];
  isLooking: boolean;
  ask: () => void;
  retry: string;
  looks: Pick<AresErrorNoticeProps, "size" | "classNames" | "renderButton" | "renderLink">;
}

/** The buttons of the offers, the first first. */
function buttonsOf({ offers, error, evidence, isLooking, ask, retry, looks }: ButtonsProps) {
  const { size, classNames, renderButton, renderLink } = looks;
  const part = partsOf(classNames);
  return [
    offers.onCheck && (
      <CheckAgain
        key="check"
        after="unknown"
        part={part("check")}
        isLooking={isLooking}
        onCheck={() => {
          ask();
          offers.onCheck?.();
        }}
        renderButton={renderButton}
      />
    ),
    offers.onReset && (
      <StartOverDialog
        key="reset"
        error={error}
        evidence={evidence}
        onReset={offers.onReset}
        part={part}
        renderButton={renderButton}
      />
    ),
    offers.onRetry && (
      <Fragment key="retry">
        {drawButton(renderButton, {
          ...part("retry"),
          onClick: () => offers.onRetry?.(),
          children: retry,
        })}
      </Fragment>
    ),
    offers.step && (
      <ConnectAres
        key="connect"
        step={offers.step}
        size={size}
        className={classNames?.connect}
        classNames={classNames}
        renderButton={renderButton}
      />
    ),
    offers.topUp && <TopUpLink key="topUp" part={part("topUp")} renderLink={renderLink} />,
  ].filter(Boolean);
}

interface Acts {
  onCheck: (() => void) | undefined;
  onReset: (() => void) | undefined;
  onRetry: (() => void) | undefined;
}

/** What there is to tell: an error that is still open, and its words. */
function troubleOf(
  charge: ChargeState | undefined,
  bare: AresError | null | undefined,
  user: AresUserState,
): { error: AresError | undefined; words: ErrorWords | undefined } {
  const error = openError(charge, bare, user);
  return { error, words: error && errorWords(error, charge, user) };
}

interface Offers extends Partial<Acts> {
  topUp?: boolean;
  step?: ReturnType<typeof stepOf>;
}

/** The ways on in a state. An action that failed is run again. */
function offersIn(
  state: ChargeState | CallState | undefined,
  error: AresError | undefined,
  acts: Acts,
): Offers {
  if (state?.status !== "failed") return offersAfter(error, chargeOf(state), acts);
  return { onRetry: acts.onRetry, step: error && stepOf(error.code) };
}

/** The ways on after an error: those of the app's that help, and the kit's own. */
function offersAfter(
  error: AresError | undefined,
  charge: ChargeState | undefined,
  { onCheck, onReset, onRetry }: Acts,
): Offers {
  if (!error) return {};
  const isRefused = charge?.status === "not_charged";
  const isUnknown = errorText(error, isRefused) === "unknown";
  const mayReset = isUnknown && (charge?.status !== "unknown" || mayStartOver(charge));
  return {
    onCheck: mayHaveCharged(error, charge) ? onCheck : undefined,
    onReset: mayReset ? onReset : undefined,
    onRetry: mayTryAgain(error, isRefused) ? onRetry : undefined,
    topUp: meaningOf(error.code).status === 402,
    step: stepOf(error.code),
  };
}

/** True while only a look tells whether the user was charged. */
const mayHaveCharged = (error: AresError | undefined, charge: ChargeState | undefined): boolean =>
  error !== undefined && charge?.status !== "not_charged" && mustBeLookedAt(error.code);

/** True while the page looks again by itself. */
const isWatched = (charge: ChargeState | undefined): charge is Unknown =>
  charge?.status === "unknown" && charge.checking;
type Unknown = Extract<ChargeState, { status: "unknown" }>;

/** True while a read is out. Between two reads the page only waits. */
const isBeingRead = (charge: ChargeState | undefined): boolean =>
  isWatched(charge) && charge.evidence.nextAt === undefined;

const isDoubt = (heading: TextKey | undefined): boolean =>
  heading === "unknown" || heading === "not_sent";
