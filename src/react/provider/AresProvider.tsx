import { QueryClient, QueryClientContext } from "@tanstack/react-query";
import {
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import {
  type AresClient,
  type AresClientOptions,
  type ChargeState,
  type ChargeTarget,
  createAresClient,
  listen,
} from "../../client";
import type { AresError, AresSnapshot } from "../../contract";
import type { AresComponentMessages, AresMessages } from "../messages/en";
import { type AresConnection, AresContext, type AresSession } from "./context";
import { hintAtRefusal, hintAtToken } from "./mistakes";
import { type OutcomeListeners, tellOutcome } from "./outcome";
import { forgetUser, updateBalance, userKeyOf, userQuery } from "./queries";
import type { Usage } from "./register";
import { useConnectAttempt } from "./useConnectAttempt";
import { goToAres, useFailedReturn } from "./useConnectRoute";
import { useInitial } from "./useInitial";
import { createUserStore } from "./userStore";
import { useKept, useListener, useSame, useStable } from "./useStable";

/** The props of `AresProvider`: the endpoint, the session, and what holds for every component below. */
export interface AresProviderProps extends OutcomeListeners {
  /** The app's own endpoint, such as `/api/ares`. */
  endpoint: string;
  /** Supplies a session token, sent as `Authorization: Bearer`. Not needed with cookies. */
  getToken?: AresClientOptions["getToken"];
  /** ARES's client id, for servers that want it in the body, such as the partner guide's own route. */
  clientId?: string | undefined;
  /**
   * More origins of the app, such as `https://api.example.com`. `useAresFetch` sends the session's token and the charge's
   * key only there, and to the origins of the page and the endpoint.
   */
  origins?: readonly string[] | undefined;
  /**
   * The app's own id of the signed-in user. When the id changes, the page forgets everything of the last user.
   * Set `session="loading"` until the id is known.
   */
  userKey?: string | undefined;
  /**
   * What the server knew when it rendered the page, from `ares.snapshot`: the first HTML then holds balance and paid features.
   * Shown only for its own user; an old one is read again behind the page. A later snapshot of the same user changes nothing,
   * but a page whose session had ended asks again.
   * One of another user, or of nobody, begins anew: the page forgets the last user.
   */
  initial?: AresSnapshot | undefined;
  /** Set it where the app knows it. Otherwise the endpoint's answers decide. */
  session?: AresSession | undefined;
  /** Set it where the app knows it. Otherwise the endpoint's answers decide. */
  connection?: AresConnection | undefined;
  /**
   * The connected ARES account, where the app knows it. When the account changes, the page reads the balance again, and
   * the server reads the access token again. The server only compares this text.
   */
  account?: string | undefined;
  /** Links the user's ARES account: the address of the route of `ares-react/connect`, or a function of your own. */
  connect?: string | (() => Promise<void> | void) | undefined;
  /** Renews an ended link. @default the route in `connect` */
  reconnect?: (() => Promise<void> | void) | undefined;
  /** True when the user came back from ARES without a link. The connect button then says so. */
  connectFailed?: boolean | undefined;
  /** Receives the error of `connect` or `reconnect`. The user is told in any case. Without this prop the press's promise rejects. */
  onConnectError?: ((error: AresError) => void) | undefined;
  /** Leads to the sign-in page. The return value is ignored, so Clerk's `redirectToSignIn` fits. @default with `signInWith="ares"`, the route in `connect` */
  signIn?: (() => unknown) | undefined;
  /** `"ares"` where users sign in with ARES itself: buttons and texts then name it. @default the app's own sign-in, "Sign in" */
  signInWith?: "ares" | undefined;
  /**
   * Renders the route again, such as `useRouter().refresh` of Next: the gate of `ares-react/rsc` calls it once the user has paid.
   * @default a reload of the page
   */
  refresh?: (() => unknown) | undefined;
  /** Replaces some or all of the kit's texts. */
  messages?: Partial<AresMessages & AresComponentMessages> | undefined;
  /** The names of usages for users, by usage: `{{ "export-pdf": "PDF export" }}`. A component's own label wins. */
  labels?: { readonly [U in Usage]?: string } | undefined;
  /** For numbers and plurals. @default the browser's, as `initial` names it on a server too */
  locale?: string | undefined;
  /** Where users buy credits. @default "https://joinares.com/pricing" */
  topUpUrl?: string | undefined;
  /** @default globalThis.fetch */
  fetch?: typeof fetch | undefined;
  children?: ReactNode;
}

/**
 * Connects the components and hooks below it to the app's endpoint, for one signed-in user.
 *
 * Pass `userKey` where several users may share a browser. Without `userKey` the page notices another user only with the
 * next answer. The server then refuses the press of the user before. Behind the guide's own route, which names no user,
 * the new user finds the open charge of the user before.
 * The provider uses the app's QueryClient where there is one.
 *
 * @example
 * <AresProvider endpoint="/api/ares" userKey={user.id}>
 *   <App />
 * </AresProvider>
 */
export function AresProvider(props: AresProviderProps) {
  const { endpoint, getToken, clientId, connection, fetch } = props;
  const { locale = props.initial?.locale } = props;
  const { topUpUrl = "https://joinares.com/pricing" } = props;
  const [own] = useState(() => new QueryClient());
  const queryClient = useContext(QueryClientContext) ?? own;
  useEffect(() => {
    own.mount();
    return () => own.unmount();
  }, [own]);

  const current = useRef<AresClient>(undefined);
  const { turn, initial, session, userKey, account, onOtherUser } = useInitial(
    props,
    () => current.current?.owner,
  );
  const user = useMemo(() => ({ endpoint, userKey, turn }), [endpoint, userKey, turn]);
  const queryKey = useMemo(() => userKeyOf(user, account), [user, account]);
  const read = useCallback(
    () => void queryClient.invalidateQueries({ queryKey }),
    [queryClient, queryKey],
  );
  const onConnectError = useStable(props.onConnectError);
  const route = typeof props.connect === "string" ? props.connect : undefined;
  const byRoute = route === undefined ? undefined : () => goToAres(client, route);
  const [connect, failedToConnect] = useConnectAttempt(
    useStable(typeof props.connect === "function" ? props.connect : byRoute),
    onConnectError,
    read,
    queryKey,
  );
  const [reconnect, failedToReconnect] = useConnectAttempt(
    useStable(props.reconnect ?? byRoute),
    onConnectError,
    read,
    queryKey,
  );
  const hasReturned = useFailedReturn(route, queryKey);
  const connectFailed =
    failedToConnect || failedToReconnect || hasReturned || props.connectFailed === true;
  const ownSignIn = useStable(props.signIn);
  const isSignIn = route !== undefined && props.signInWith === "ares";
  const signIn = ownSignIn ?? (isSignIn ? connect : undefined);
  const refresh = useStable(props.refresh);
  const onOutcome = useListener((target: ChargeTarget, state: ChargeState) => {
    if (process.env.NODE_ENV !== "production" && state.status === "not_charged")
      hintAtRefusal(target.usage, state.error, users.get().content.prices);
    tellOutcome(props, target, state);
  });
  const messages = useSame(props.messages);
  const labels = useSame(props.labels);
  // Without either, the page has to ask whether anybody is signed in.
  const isTold = props.session !== undefined || initial !== undefined;
  const client = useMemo(() => createAresClient({ ...user, initial }), [user, initial]);
  const users = useMemo(
    () => createUserStore(client, queryClient, queryKey, account ? undefined : initial, isTold),
    [client, queryClient, queryKey, account, initial, isTold],
  );
  /** Asks who is signed in, whether or not anything on the page shows it. */
  const look = useCallback(
    () =>
      void queryClient
        .fetchQuery({ ...userQuery(client, queryKey, true), staleTime: 0 })
        .catch(() => {}),
    [client, queryClient, queryKey],
  );
  useInsertionEffect(() => {
    current.current = client;
    if (
      process.env.NODE_ENV !== "production" &&
      getToken &&
      userKey === undefined &&
      session !== "loading"
    )
      hintAtToken();
    client.configure({
      getToken,
      clientId,
      account: props.account,
      origins: props.origins,
      fetch,
      onOutcome,
      onCharged: (balance) => updateBalance(queryClient, queryKey, balance),
      onOtherUser,
      onNewcomer: look,
    });
  });
  useEffect(() => client.connect(), [client]);
  // Nobody is signed in, says the server's snapshot alone. Somebody may be, once the user comes back from another tab.
  const asksOnReturn = session === "signed_out" && props.session === undefined;
  useEffect(() => {
    const ask = () => document.visibilityState !== "hidden" && look();
    return asksOnReturn ? listen(["visibilitychange", "online"], ask) : undefined;
  }, [look, asksOnReturn]);
  // react-query takes a page that was opened offline for online, and would never read the balance.
  useEffect(() => listen(["online"], read), [read]);

  // A later snapshot of the same user is not shown, but after a refusal it tells of a new sign-in.
  const toldAt = props.initial?.at;
  useEffect(() => {
    if (toldAt !== undefined && client.turnedAway) read();
  }, [toldAt, client, read]);

  const last = useRef(queryKey);
  useEffect(() => {
    if (last.current !== queryKey) forgetUser(queryClient, last.current);
    last.current = queryKey;
  }, [queryClient, queryKey]);

  const value = useKept({
    client,
    queryClient,
    queryKey,
    users,
    session,
    connection,
    connect,
    reconnect,
    connectFailed,
    signIn,
    signInWith: props.signInWith,
    refresh,
    messages,
    labels,
    locale,
    topUpUrl,
    onOutcome,
  });
  return <AresContext.Provider value={value}>{props.children}</AresContext.Provider>;
}
