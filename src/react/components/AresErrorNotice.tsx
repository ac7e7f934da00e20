import { type ComponentPropsWithoutRef, Fragment, forwardRef, useState } from "react";
import { type ChargeState, mayStartOver } from "../../client";
import { type AresError, meaningOf } from "../../contract";
import { ConfirmDialog } from "../gate/parts/ConfirmDialog";
import {
  drawButton,
  type OwnButton,
  type OwnClassNames,
  type OwnLink,
  partsOf,
} from "../gate/parts/looks";
import { useFocusKept } from "../gate/parts/useFocusKept";
import { useCompletions } from "../gate/words/waiting";
import { useErrorWords } from "../hooks/useErrorWords";
import { mayTryAgain, mustBeLookedAt, stepOf } from "../messages/errorTexts";
import { ConnectAres } from "./ConnectAres";
import { TopUpLink } from "./TopUpLink";

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
    const { error, text, words, say } = useErrorWords(charge, bare);
    const watched = charge?.status === "unknown" && charge.checking;
    const busy = checking ?? (watched && !charge.evidence.nextAt);
    // Only a look that the user asked for is told: the page also looks by itself.
    const [wishes, setWishes] = useState(0);
    const [rounds, recent] = useCompletions(busy, wishes);
    // The question is about one charge.
    const doubt = charge?.status === "unknown" ? charge.evidence.sentAt : error;
    const [asked, setAsked] = useState<unknown>(-1);
    const focus = useFocusKept(`${text} ${watched}`);
    const refused = charge?.status === "not_charged";
    const open = error !== undefined && !refused && mustBeLookedAt(error.code);
    const wantsCredits = error !== undefined && meaningOf(error.code).status === 402;
    const step = error && stepOf(error.code);
    const giveUp =
      text === "unknown" && (charge?.status !== "unknown" || mayStartOver(charge))
        ? onReset
        : undefined;

    return (
      <div
        data-ares-part="error"
        {...focus}
        {...rest}
        ref={ref}
        data-code={error?.code}
        data-status={text === "unknown" || text === "not_sent" ? "unknown" : undefined}
      >
        {/* It is there before its words, and the same answer to another look is heard again. */}
        <p role="alert" tabIndex={text && -1} {...part("alert")}>
          {text && (
            <Fragment key={rounds}>
              {words}
              {open && recent && ` ${say("checked")}`}
            </Fragment>
          )}
        </p>
        {open &&
          onCheck &&
          drawButton(renderButton, {
            ...part("check"),
            "aria-busy": busy,
            "data-room": say(busy ? "check" : "checking"),
            onClick: () => {
              setWishes(wishes + 1);
              onCheck();
            },
            children: say(busy ? "checking" : "check"),
          })}
        {giveUp &&
          drawButton(renderButton, {
            ...part("reset"),
            onClick: () => setAsked(doubt),
            children: say("reset"),
          })}
        {error &&
          onRetry &&
          mayTryAgain(error, refused) &&
          drawButton(renderButton, {
            ...part("retry"),
            onClick: () => onRetry(),
            children: say("retry"),
          })}
        {step && (
          <ConnectAres
            step={step}
            className={classNames?.connect}
            classNames={classNames}
            renderButton={renderButton}
          />
        )}
        {wantsCredits && <TopUpLink part={part("topUp")} renderLink={renderLink} />}
        {asked === doubt && giveUp && (
          <ConfirmDialog
            renderButton={renderButton}
            part={(name) => part(name === "confirm" ? "reset" : name)}
            question={say("reset_question", false)}
            detail={say("unknown_more")}
            confirmLabel={say("reset")}
            cancelLabel={say("cancel")}
            onConfirm={() => {
              setAsked(-1);
              giveUp();
            }}
            onCancel={() => setAsked(-1)}
          />
        )}
      </div>
    );
  },
);
