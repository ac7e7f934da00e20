import { AresGate, type AresGateProps, AresRefresh } from "ares-react";
import {
  AresError,
  type AresServer,
  type ChargeReceipt,
  type InputOf,
  isAresError,
  type NeedsInput,
  type Prices,
  type RequestOrHeaders,
} from "ares-react/server";
import type { ReactNode } from "react";

interface ServerGateProps<P extends Prices, U extends keyof P & string>
  extends Pick<
    AresGateProps,
    | "label"
    | "disabledReason"
    | "confirmation"
    | "entitled"
    | "variant"
    | "size"
    | "preview"
    | "classNames"
    | "className"
    | "id"
    | "style"
  > {
  /** The app's own server, from `createAresServer`. */
  ares: Pick<AresServer<P>, "requirePaid">;
  /** The headers of the request: `headers()` of Next. */
  headers: RequestOrHeaders | Promise<RequestOrHeaders>;
  usage: U;
  /** What exactly is paid for: charged once per user, usage and resource. */
  resource: string;
  /** Charges when the user presses; with `mount` once without a press. @default "click" */
  trigger?: AresGateProps["trigger"];
  /** What a quoted price follows from. Another input is another charge. */
  input?: InputOf<P, U>;
  /** A gate of your own, shown while the resource is not paid. Put `<AresRefresh />` into it. @default `AresGate` */
  fallback?: ReactNode;
  /** The paid feature, or a function of its charge. A function does no work before the payment; `entitled` has no charge. */
  children?: ReactNode | ((charge: ChargeReceipt<U> | undefined) => ReactNode | Promise<ReactNode>);
}

/** The props of `AresServerGate`. A usage with a quoted price needs its `input`. */
export type AresServerGateProps<P extends Prices, U extends keyof P & string> = ServerGateProps<
  P,
  U
> &
  NeedsInput<P, U>;

/**
 * A gate around server components. The gate asks the ledger, and renders its children only when the resource is paid.
 *
 * Children of `AresGate` that are server components are rendered and sent before anything is paid. Here nothing of them
 * leaves the server: the page gets a gate without children, and renders the route again once the user has paid.
 * When the ledger does not answer, the gate says so. Put a `<Suspense>` around it.
 *
 * @throws {AresError} `invalid_request` without a `resource`: nothing would ever be paid. What a framework throws through `auth` passes.
 *
 * @example
 * <Suspense>
 *   <AresServerGate ares={ares} headers={request} usage="report" resource={id} label="Report">
 *     <Report id={id} />
 *   </AresServerGate>
 * </Suspense>
 */
export async function AresServerGate<P extends Prices, U extends keyof P & string>(
  props: AresServerGateProps<P, U>,
): Promise<ReactNode> {
  const { ares, headers, fallback, children, ...gate }: ServerGateProps<P, U> = props;
  const { entitled, resource } = gate;
  if (typeof resource !== "string") throw new AresError("invalid_request", NO_RESOURCE);
  const request = await headers;
  let charge: ChargeReceipt<U> | undefined;
  try {
    if (!entitled) charge = (await ares.requirePaid(request, props)).charge;
  } catch (error) {
    // Another error is no answer about money, such as a redirect of the framework.
    if (!isAresError(error)) throw error;
    return (
      fallback ?? (
        <AresGate {...gate}>
          <AresRefresh />
        </AresGate>
      )
    );
  }
  return (
    <AresGate {...gate} entitled>
      {typeof children === "function" ? await children(charge) : children}
    </AresGate>
  );
}

const NO_RESOURCE =
  "ARES: AresServerGate got no resource, so nothing could ever be paid. Pass what is paid for, such as the id in the page's address.";
