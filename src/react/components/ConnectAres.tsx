import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { drawButton, type OwnButton, type OwnClassNames, partsOf } from "../gate/looks";
import { useAresUser } from "../hooks/useAresUser";
import { useAres } from "../provider/context";
import { hintAtMissing } from "../provider/mistakes";
import { useMessages } from "../provider/useMessages";

export interface ConnectAresProps
  extends Omit<ComponentPropsWithoutRef<"button">, "type" | "onClick" | "children">,
    OwnClassNames<"alert" | "detail">,
    OwnButton {}

/**
 * The button that takes a user one step closer to paying with ARES: sign in, connect, or connect again.
 *
 * Renders nothing once ARES is connected, and where the provider has no `signIn`, `connect` or `reconnect` for the step.
 * After a failed try a text beside the button says so.
 *
 * @example
 * <ConnectAres className="button" />
 */
export const ConnectAres = /* @__PURE__ */ forwardRef<HTMLButtonElement, ConnectAresProps>(function ConnectAres(
  { classNames, renderButton, className, ...rest },
  ref,
) {
  const { signIn, connect, reconnect, connectFailed } = useAres();
  const messages = useMessages();
  const { status } = useAresUser();
  const ways = {
    signed_out: [signIn, messages.signIn],
    not_connected: [connect, messages.connect],
    reconnect: [reconnect, messages.reconnect_button],
  } as const;
  if (status !== "signed_out" && status !== "not_connected" && status !== "reconnect") return null;
  const [act, text] = ways[status];
  if (!act) {
    if (process.env.NODE_ENV !== "production") hintAtMissing(status);
    return null;
  }
  const part = partsOf(classNames);

  return (
    <>
      {/* A span, so that it may stand in a line of text; it is there before its words. */}
      <span role="alert" {...part("alert")}>
        {connectFailed && status !== "signed_out" && (
          <>
            {messages.connect_failed} <span {...part("detail")}>{messages[status]}</span>
          </>
        )}
      </span>
      {drawButton(renderButton, {
        "data-ares-part": "connect",
        className,
        ...rest,
        ref,
        "data-status": status,
        "aria-disabled": false,
        onClick: act,
        children: text,
      })}
    </>
  );
});
