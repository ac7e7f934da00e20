import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { useAres } from "./context";
import { useAresUser } from "./useAresUser";

export type ConnectAresProps = Omit<ComponentPropsWithoutRef<"button">, "type" | "onClick" | "children">;

/**
 * The button that takes a user one step closer to paying with ARES: sign in, connect, or connect again.
 *
 * It renders nothing once ARES is connected, and where the provider was given no way to do it.
 *
 * @example
 * <ConnectAres className="button" />
 */
export const ConnectAres = /* @__PURE__ */ forwardRef<HTMLButtonElement, ConnectAresProps>(function ConnectAres(props, ref) {
  const { signIn, connect, reconnect, messages } = useAres();
  const { status } = useAresUser();
  const ways = {
    signed_out: [signIn, messages.signIn],
    not_connected: [connect, messages.connect],
    reconnect: [reconnect, messages.renew],
  } as const;
  if (status !== "signed_out" && status !== "not_connected" && status !== "reconnect") return null;
  const [act, text] = ways[status];
  if (!act) return null;

  return (
    <button data-ares-part="connect" {...props} ref={ref} type="button" data-status={status} onClick={() => act()}>
      {text}
    </button>
  );
});
