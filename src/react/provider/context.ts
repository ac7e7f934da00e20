import type { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { type AresClient, aresError, type ChargeState, type ChargeTarget } from "../../client";
import type { AresComponentMessages, AresMessages } from "../messages/en";
import type { userKeyOf } from "./queries";
import type { UserStore } from "./userStore";

/** The app's session, as the provider knows it. */
export type AresSession = "loading" | "signed_out" | "signed_in";
/** The user's link to ARES, as the provider knows it. */
export type AresConnection = "unknown" | "connected" | "not_connected" | "reconnect";

export interface AresContextValue {
  client: AresClient;
  queryClient: QueryClient;
  users: UserStore;
  queryKey: ReturnType<typeof userKeyOf>;
  session: AresSession | undefined;
  connection: AresConnection | undefined;
  connect: (() => void) | undefined;
  reconnect: (() => void) | undefined;
  connectFailed: boolean;
  signIn: (() => void) | undefined;
  signInWith: "ares" | undefined;
  refresh: (() => void) | undefined;
  messages: Partial<AresMessages & AresComponentMessages> | undefined;
  labels: { readonly [usage: string]: string | undefined } | undefined;
  locale: string | undefined;
  topUpUrl: string;
  /** Tells the provider's listeners of an outcome. */
  onOutcome: (target: ChargeTarget, state: ChargeState) => void;
}

export const AresContext = /* @__PURE__ */ createContext<AresContextValue | null>(null);

/** Reads the provider's value. @throws {AresError} `invalid_request` outside of a provider. */
export function useAres(): AresContextValue {
  const value = useContext(AresContext);
  if (value) return value;
  throw aresError(
    "invalid_request",
    "ARES: no provider is above this component. Wrap this part of the app in <AresProvider> or <AresProviderWithClerk>.",
    false,
  );
}
