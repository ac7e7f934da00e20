import { meaningOf, mintKey } from "../contract";
import { type Answer, aresError, errorOf, isRecord, numberOf, textOf } from "./answer";
import { type Charges, createCharges } from "./charge/createCharges";
import { restored } from "./charge/restore";
import type { Session } from "./charge/slot";
import type { AresClientOptions } from "./clientOptions";
import { createConnection, type Query, within } from "./connection";
import { createLookUps, lookUpOf } from "./lookups";
import { createPendingKeys } from "./pendingKeys";
import { showPretend } from "./pretendBanner";
import { shortHash } from "./shortHash";
import { type AresChannel, createTabLock, listen, openLine, type TabNews } from "./tabs";

/** The user's account at ARES, and the app's prices. */
export interface AresUserAnswer {
  id?: string | undefined;
  email?: string | undefined;
  credits: number;
  /** Usage to credits; undefined on servers that publish none. */
  prices: Readonly<Record<string, unknown>> | undefined;
}

export interface AresClient extends Pick<Charges, "open"> {
  /** Changes the options that may change during a user's session. */
  configure(
    options: Partial<
      Pick<
        AresClientOptions,
        | "getToken"
        | "clientId"
        | "account"
        | "origins"
        | "fetch"
        | "onCharged"
        | "onOutcome"
        | "onOtherUser"
        | "onNewcomer"
      >
    >,
  ): void;
  /**
   * Listens to other tabs, to other providers of this page, and to the page's return. The returned function ends that, and
   * every request of this user. A later `connect` looks again: React may have kept this part of the page hidden for long.
   */
  connect(): () => void;
  /** The server's opaque name of this page's user, once an answer or a snapshot has told it. */
  owner(): string | undefined;
  /** Mints an idempotency key on the server's clock, as far as an answer has told it. */
  mintKey(this: void): string;
  /** Reads the user, their credits and the prices. @throws {AresError} */
  getUser(): Promise<AresUserAnswer>;
  /** Reads the body of the user's newest charges, unchecked. @throws {AresError} `network_error`, `other_user` */
  getCharges(): Promise<Answer["body"]>;
  /** True while the last answer asked the user to sign in, or to connect. */
  isTurnedAway(): boolean;
  /** Asks the server for the price of an input, in credits. Questions of one tick travel together. @throws {AresError} */
  quote(of: { usage: string; input: unknown }): Promise<number>;
  /** Calls another endpoint of the app as the same user. @throws {AresError} `network_error`, `auth_unavailable` */
  fetch(url: string | URL, init: RequestInit): Promise<Response>;
  /** True for an address that may see the session's token: of the page's origin, the endpoint's, or a named one. */
  isOwn(url: string | URL): boolean;
}

/**
 * Speaks to the app's own endpoint and keeps the charges of one user on this page, without React.
 *
 * Make one client per signed-in user: pending keys and unlocks are never carried over.
 *
 * @example
 * const client = createAresClient({ endpoint: "/api/ares", userKey: "user-1" });
 * const state = await client.open({ usage: "export-pdf" }).charge(1);
 */
export function createAresClient(initial: AresClientOptions): AresClient {
  const options = { ...initial };
  const { now = Date.now, newKey = mintKey, initial: snapshot } = options;
  const book = options.endpoint + (options.userKey ?? "");
  const name = `ares:${shortHash(book)}:`;
  const line = `ares:${shortHash(options.endpoint)}`;
  let userId: string | undefined;
  /** True once the endpoint has answered a question. A gateway's refusal or sign-in page is no such answer. */
  let answered = false;
  /** The first press's own question, while it is out. */
  let asking: Promise<void> | undefined;
  let ahead = 0;
  let changes = 0;
  let gone = false;
  let turnedAway = false;
  let channel: AresChannel | undefined;
  const showsNobody = snapshot?.session === "signed_out";

  // Keys are minted on the server's clock, once an answer has told it.
  const connection = createConnection(options, (answer) => {
    const serverTime = numberOf(answer.body?.serverTime);
    if (serverTime) ahead = serverTime - now();
    if (answer.contract) session.speaksContract = true;
    turnedAway = answer.status === 401;
  });
  const read = (query?: Query) => connection.read(query).then(own);
  const lookUps = createLookUps(read);
  /** An answer for another user than this page shows is not believed. A page that shows nobody believes none of somebody. */
  function own(answer: Answer): Answer {
    if (answer.ok && isRecord(answer.body)) answered = true;
    const owner = textOf(answer.body?.owner);
    if (owner !== undefined && session.owner === undefined && !showsNobody) {
      session.owner = owner;
      announce();
    }
    if ((owner ?? session.owner) === session.owner) return answer;
    session.onOtherUser();
    throw aresError("other_user", undefined, false);
  }

  /** Asks who is signed in, and what kind of endpoint this is. @throws {AresError} */
  async function ask(): Promise<void> {
    // The balance would need ARES, which a charge that was paid before does not.
    const answer = await read(RECENT);
    if (answered) return;
    const error = errorOf(answer);
    // Nothing was sent, so nothing is open.
    throw meaningOf(error.code).money === "open" ? aresError("network_error") : error;
  }

  const session: Session = {
    ...connection,
    read,
    lookUp: lookUps.lookUp,
    now,
    timeoutMs: options.timeoutMs ?? 30_000,
    keys: createPendingKeys(name, () => options.storage ?? localStorage, now),
    delivered: new Set(),
    mint: () => newKey(now() + ahead),
    withTabLock: createTabLock(name, () => options.locks ?? globalThis.navigator?.locks),
    live: true,
    speaksContract: snapshot !== undefined,
    owner: snapshot?.owner,
    firstAnswer() {
      if (answered || session.owner !== undefined) return undefined;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return within(FIRST_MS, asking);
    },
    // The next user's page is told nothing of this user.
    onOutcome: (target, state) => session.live && options.onOutcome?.(target, state),
    onOtherUser() {
      if (!session.live || gone) return;
      gone = true;
      options.onOtherUser?.();
    },
    balance: snapshot?.user?.credits,
    onBalance(balance) {
      changes += 1;
      session.balance = balance;
      options.onCharged?.(balance);
    },
    onSettled: ({ usage, resource, mark, call, key }) =>
      channel?.postMessage({ owner: session.owner, usage, resource, mark, call, key }),
  };
  const charges = createCharges(session, restored(snapshot));

  /** The user whom this page shows. Null: nobody is signed in. Undefined: nothing has told yet. */
  const shownOwner = () => session.owner ?? (showsNobody ? null : undefined);

  /** Tells the others who is signed in. They ask the server before they believe it. */
  function announce(): void {
    const owner = shownOwner();
    if (owner !== undefined) channel?.postMessage({ owner });
  }

  function hear(news: TabNews | undefined): void {
    const { owner, key } = news ?? {};
    // Two providers of one user may have different names for the user, or none. The server's name decides.
    const own = shownOwner();
    const isOurs = owner === undefined || own === undefined || owner === own;
    if (!isOurs && key === undefined) options.onNewcomer?.();
    if (!isOurs || key === undefined) return;
    charges.wake(news);
    options.onCharged?.(undefined);
  }

  /** True once this part of the page was left for longer than StrictMode leaves it. */
  let wasAway = false;
  let leaving: ReturnType<typeof setTimeout> | undefined;

  return {
    open(target, shows, rules) {
      if (target.resource?.trim() === "") throw aresError("invalid_request", EMPTY, false);
      return charges.open(target, shows, rules);
    },
    fetch: connection.call,
    isOwn: connection.isOwn,
    mintKey: session.mint,
    owner: () => session.owner,
    configure(next) {
      // Another ARES account of the same user is not another user.
      if ("account" in next && next.account !== options.account) userId = undefined;
      Object.assign(options, next);
    },
    async getUser() {
      const seen = changes;
      const { account } = options;
      const answer = await session.read();
      const { user, prices } = answer.body ?? {};
      const credits = numberOf(user?.credits);
      if (!answer.ok || credits === undefined) throw errorOf(answer);
      // A charge may have ended during this read, so the balance may be older than the charge.
      if (changes === seen) session.balance = credits;
      const id = textOf(user?.id);
      // Read for the account before, the id would make the new account look like another user.
      if (account === options.account) {
        if (id !== undefined && (userId ?? id) !== id) session.onOtherUser();
        userId = id ?? userId;
      }
      return {
        id,
        email: textOf(user?.email),
        credits,
        prices: isRecord(prices) ? prices : undefined,
      };
    },
    async getCharges() {
      return (await session.read(RECENT)).body;
    },
    isTurnedAway: () => turnedAway,
    async quote(of) {
      const answer = await lookUps.lookUp(lookUpOf(of), () => session.live);
      const credits = numberOf(answer.body?.credits);
      if (!answer.ok || credits === undefined) throw errorOf(answer);
      return credits;
    },
    connect() {
      clearTimeout(leaving);
      session.live = true;
      channel = openLine(() => options.openChannel?.(line) ?? new BroadcastChannel(line), hear);
      announce();
      if (snapshot?.pretend) showPretend();
      // A page out of the browser's memory may show an old state. Another user may be signed in now.
      const wake = (event: Event) =>
        charges.wake(undefined, "persisted" in event && event.persisted === true);
      const deafen = listen(["online", "visibilitychange", "pageshow"], wake);
      for (const { paidUntil } of snapshot?.charges ?? [])
        if (paidUntil) setTimeout(() => charges.wake(), Math.min(paidUntil - now(), MOST_MS));
      if (wasAway) {
        charges.wake(undefined, true);
        options.onCharged?.(undefined);
      }
      wasAway = false;
      return () => {
        session.live = false;
        channel?.close();
        channel = undefined;
        deafen();
        leaving = setTimeout(() => {
          wasAway = true;
        });
      };
    },
  };
}

const RECENT: Query = [["charges", "recent"]];
/** How long a press waits for the endpoint's first answer. */
const FIRST_MS = 10_000;
/** A longer timer would end at once. */
const MOST_MS = 2 ** 31 - 1;
const EMPTY = "ARES: the resource is empty. Name what is paid for, or leave resource out.";
