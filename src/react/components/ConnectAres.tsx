import { type ComponentPropsWithoutRef, forwardRef, useState } from "react";
import { drawButton, type OwnButton, type OwnClassNames, partsOf } from "../gate/parts/looks";
import { More, type OwnSize } from "../gate/parts/More";
import { useFocusKept } from "../gate/parts/useFocusKept";
import { useAnnouncement } from "../gate/words/useAnnouncement";
import { useAresUser } from "../hooks/useAresUser";
import { briefTexts, stepTexts } from "../messages/en";
import { useAres } from "../provider/context";
import { hintAtMissing } from "../provider/mistakes";
import { createTexts, namingAres } from "../provider/useMessages";

/** The props of `ConnectAres`, beside those of a `<button>`. */
export interface ConnectAresProps
  extends Omit<ComponentPropsWithoutRef<"button">, "type" | "onClick" | "children">,
    OwnClassNames<"alert" | "detail" | "more" | "popover">,
    OwnButton,
    OwnSize {
  /** The step to offer. @default the step that the account needs, as the last read told */
  step?: "signed_out" | "not_connected" | "reconnect" | undefined;
}

const useTexts = /* @__PURE__ */ namingAres(/* @__PURE__ */ createTexts(stepTexts, briefTexts));

/**
 * The button that takes a user one step closer to paying with ARES: sign in, connect, or connect again.
 *
 * Renders nothing once ARES is connected, and where the provider has no `signIn`, `connect` or `reconnect` for the step.
 * After a failed try a text beside the button says so. Only the pressed component speaks to screen readers.
 *
 * @example
 * <ConnectAres className="button" />
 */
export const ConnectAres = /* @__PURE__ */ forwardRef<HTMLButtonElement, ConnectAresProps>(
  function ConnectAres({ step, size, classNames, renderButton, className, ...rest }, ref) {
    const { signIn, connect, reconnect, connectFailed } = useAres();
    const messages = useTexts();
    const { status: read } = useAresUser();
    const status = step ?? read;
    const focus = useFocusKept(status, true);
    // A gate may show the same step, and speaks for its own press.
    const [pressed, setPressed] = useState(false);
    const ways = {
      signed_out: [signIn, messages.signIn],
      not_connected: [connect, messages.connect],
      reconnect: [reconnect, messages.connectAgain],
    } as const;
    const speaks = useAnnouncement(connectFailed ? "failed" : "", pressed);
    if (status !== "signed_out" && status !== "not_connected" && status !== "reconnect")
      return null;
    const [act, text] = ways[status];
    if (!act) {
      if (process.env.NODE_ENV !== "production") hintAtMissing(status);
      return null;
    }
    const part = partsOf(classNames);
    const isSmall = size === "small";
    const words = connectFailed && status !== "signed_out" && (
      <>
        {messages.connect_failed} <span {...part("detail")}>{messages[status]}</span>
      </>
    );

    return (
      <>
        {/* Spans, so that they may stand in a line of text. The live region is there before its words. */}
        <span role="alert" dir="auto" {...part("alert")} data-size={size}>
          {speaks && words}
        </span>
        {!speaks && !isSmall && words && (
          <span dir="auto" {...part("alert")}>
            {words}
          </span>
        )}
        {drawButton(renderButton, {
          "data-ares-part": "connect",
          className,
          ...focus,
          ...rest,
          ref,
          "data-size": size,
          "data-status": status,
          "aria-disabled": false,
          onClick: () => {
            setPressed(true);
            return act();
          },
          children: text,
        })}
        {isSmall && words && (
          <More
            told={{
              tone: "alert",
              money: messages.uncharged_brief,
              title: messages.connect_failed,
              details: messages[status],
            }}
            part={part}
          />
        )}
      </>
    );
  },
);
