import { type ComponentPropsWithoutRef, Fragment, forwardRef } from "react";
import { type ChargeState, mayStartOver } from "../../client";
import { type AresError, meaningOf } from "../../contract";
import { CheckAgain, useOwnLooks } from "../gate/parts/CheckAgain";
import {
  drawButton,
  type OwnButton,
  type OwnClassNames,
  type OwnLink,
  partsOf,
} from "../gate/parts/looks";
import { StartOverDialog } from "../gate/parts/StartOverDialog";
import { TopUpLink } from "../gate/parts/TopUpLink";
import { useFocusKept } from "../gate/parts/useFocusKept";
import { withBalance } from "../gate/state/gateState";
import { errorWords, openError } from "../gate/words/errorWords";
import { createWriter, type TextKey } from "../gate/words/writeText";
import { useAresUser } from "../hooks/useAresUser";
import { errorText, mayTryAgain, mustBeLookedAt, stepOf } from "../messages/errorTexts";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";
import { ConnectAres } from "./ConnectAres";

export interface AresErrorNoticeProps
  extends Omit<ComponentPropsWithoutRef<"div">, "children">,
    OwnClassNames<
      "alert" | "topUp" | "check" | "retry" | "reset" | "connect" | "dialog" | "detail" | "cancel"
    >,
    OwnButton,
    OwnLink {
  /** The state of a charge, such as `useAresUsage` gives it. Only the state tells whether the charge took credits. */
  charge?: ChargeState | undefined;
  /** An error without a state, such as the error of `useAresUser`. Without an error the notice is empty. */
  error?: AresError | null | undefined;
  /**
   * Offers to try again, where a retry can help. After a bare `network_error` repeat the same call: `useAresFetch` and
   * `useAresAction` keep its key, so the call is charged once.
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
      charge,
      error: bare,
      onRetry,
      onCheck,
      onReset,
      checking,
      classNames,
      renderButton,
      renderLink,
      ...rest
    },
    ref,
  ) {
    const part = partsOf(classNames);
    const { locale } = useAres();
    const messages = useAllMessages();
    const user = useAresUser({ enabled: false });
    const error = openError(charge, bare, user);
    const words = error && errorWords(error, charge, user);
    const write = createWriter<TextKey>(messages, locale, words?.named ?? {});
    const unknown = charge?.status === "unknown" ? charge : undefined;
    const isWatched = unknown?.checking === true;
    const isLooking = checking ?? (isWatched && !unknown?.evidence.nextAt);
    const looks = useOwnLooks(isLooking);
    const focus = useFocusKept(`${words?.heading} ${isWatched}`);
    const offers = offersAfter(error, charge);
    const isUnknown = words?.heading === "unknown" || words?.heading === "not_sent";

    return (
      <div
        data-ares-part="error"
        {...focus}
        {...rest}
        ref={ref}
        data-code={error?.code}
        data-status={isUnknown ? "unknown" : undefined}
      >
        {/* It is there before its words, and the same answer to another look is heard again. */}
        <p role="alert" tabIndex={words && -1} {...part("alert")}>
          {words && (
            <Fragment key={looks.rounds}>
              {[words.heading, ...words.details].map(write).filter(Boolean).join(" ")}
              {offers.check && looks.isChecked && ` ${write("checked")}`}
            </Fragment>
          )}
        </p>
        {offers.check && onCheck && (
          <CheckAgain
            part={part("check")}
            isLooking={isLooking}
            onCheck={() => {
              looks.ask();
              onCheck();
            }}
            renderButton={renderButton}
          />
        )}
        {offers.reset && onReset && (
          <StartOverDialog
            about={unknown ? unknown.evidence.sentAt : error}
            evidence={unknown && withBalance(unknown.evidence, user)}
            onReset={onReset}
            part={part}
            renderButton={renderButton}
          />
        )}
        {offers.retry &&
          onRetry &&
          drawButton(renderButton, {
            ...part("retry"),
            onClick: () => onRetry(),
            children: write("retry"),
          })}
        {offers.step && (
          <ConnectAres
            step={offers.step}
            className={classNames?.connect}
            classNames={classNames}
            renderButton={renderButton}
          />
        )}
        {offers.topUp && <TopUpLink part={part("topUp")} renderLink={renderLink} />}
      </div>
    );
  },
);

interface Offers {
  check?: boolean;
  reset?: boolean;
  retry?: boolean;
  topUp?: boolean;
  step?: ReturnType<typeof stepOf>;
}

/** The ways on after an error. The app gives the actions. */
function offersAfter(error: AresError | undefined, charge: ChargeState | undefined): Offers {
  if (!error) return {};
  const isRefused = charge?.status === "not_charged";
  const isGivenUp = errorText(error, isRefused) === "unknown";
  return {
    check: !isRefused && mustBeLookedAt(error.code),
    reset: isGivenUp && (charge?.status !== "unknown" || mayStartOver(charge)),
    retry: mayTryAgain(error, isRefused),
    topUp: meaningOf(error.code).status === 402,
    step: stepOf(error.code),
  };
}
