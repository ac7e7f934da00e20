import { type Answer, aresError, errorOf, isRecord, numberOf, pricesOf, textOf } from "./answer";
import type { AresClientOptions } from "./clientOptions";
import { type Connection, createConnection, type Query } from "./connection";
import { showPretend } from "./pretendBanner";
import { shortHash } from "./shortHash";
import { type AresChannel, listen, openLine, type TabNews } from "./tabs";

/** The user's account at ARES, and the app's prices. */
export interface AresUserAnswer {
  id?: string | undefined;
  email?: string | undefined;
  credits: number;
  /** Usage to credits; undefined on servers that publish none. */
  prices: Readonly<Record<string, unknown>> | undefined;
}

/** One user on this page. The machine of charges, which `chargesOf` makes, works on the same user. */
export interface AresClient extends Connection {
  /** The newest options. */
  readonly options: Readonly<AresClientOptions>;
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
  /** Reads the user, their credits and the prices. @throws {AresError} */
  getUser(): Promise<AresUserAnswer>;
  /** Reads the user's newest charges, without their balance. @throws {AresError} `network_error`, `other_user` */
  readCharges(): Promise<Answer>;

  /** False when nothing may leave for this user any more. */
  readonly live: boolean;
  /** The server's opaque name of this page's user, once an answer or a snapshot has told it. */
  readonly owner: string | undefined;
  /** True once the endpoint has answered a question. A gateway's refusal or sign-in page is no such answer. */
  readonly answered: boolean;
  /** True while the last answer asked the user to sign in, or to connect. */
  readonly turnedAway: boolean;
  /** True once an answer came from this kit's handler. A POST's answer without its header is then somebody else's, such as a gateway's. */
  readonly speaksContract: boolean;
  /** The last known balance. */
  readonly balance: number | undefined;
  /** This machine's clock, in milliseconds since 1970. */
  now(): number;
  /** The server's clock, as far as an answer has told it. */
  serverNow(): number;

  /** Takes the balance after a charge; undefined when it has to be read again. */
  tellBalance(balance: number | undefined): void;
  /** Tells that the server answers for another user than this page shows. */
  tellOtherUser(): void;
  /** Tells other tabs, and other providers of this page. */
  tellTabs(news: TabNews): void;

  /** Runs when open charges are to be read again: the page came back, out of the browser's memory (`old`) or not, or another tab settled a key. */
  onWake?: ((news: TabNews | undefined, old: boolean) => void) | undefined;
  /** When that was last so, whether or not the page had a machine of charges. */
  readonly wokenAt: number;
  /** True once the charges of the snapshot have to be read again, however young they are. */
  readonly isSnapshotOld: boolean;
}

/**
 * Speaks to the app's own endpoint for one user on this page, without React. Make one client per signed-in user: pending keys
 * and unlocks are never carried over.
 */
export function createAresClient(initial: AresClientOptions): AresClient {
  const options = { ...initial };
  const { now = Date.now, initial: snapshot } = options;
  const line = `ares:${shortHash(options.endpoint)}`;
  const showsNobody = snapshot?.session === "signed_out";
  let userId: string | undefined;
  let ahead = 0;
  let changes = 0;
  let gone = false;
  let channel: AresChannel | undefined;
  /** True once this part of the page was left for longer than StrictMode leaves it. */
  let wasAway = false;
  let leaving: ReturnType<typeof setTimeout> | undefined;

  const connection = createConnection(options, (answer) => {
    const serverTime = numberOf(answer.body?.serverTime);
    if (serverTime) ahead = serverTime - now();
    if (answer.contract) client.speaksContract = true;
    client.turnedAway = answer.status === 401;
  });

  /** An answer for another user than this page shows is not believed. A page that shows nobody believes none of somebody. */
  function own(answer: Answer): Answer {
    if (answer.ok && isRecord(answer.body)) client.answered = true;
    const owner = textOf(answer.body?.owner);
    if (owner !== undefined && client.owner === undefined && !showsNobody) {
      client.owner = owner;
      announce();
    }
    if ((owner ?? client.owner) === client.owner) return answer;
    client.tellOtherUser();
    throw aresError("other_user", undefined, false);
  }

  /** Another id at ARES than before is another user. */
  function meet(id: string): void {
    if (userId !== undefined && userId !== id) client.tellOtherUser();
    userId = id;
  }

  /** The user whom this page shows. Null: nobody is signed in. Undefined: nothing has told yet. */
  const shownOwner = () => client.owner ?? (showsNobody ? null : undefined);

  /** Tells the others who is signed in. They ask the server before they believe it. */
  function announce(): void {
    const owner = shownOwner();
    if (owner !== undefined) client.tellTabs({ owner });
  }

  function hear(news: TabNews | undefined): void {
    const { owner, key } = news ?? {};
    // Two providers of one user may have different names for the user, or none. The server's name decides.
    const own = shownOwner();
    const isOurs = owner === undefined || own === undefined || owner === own;
    if (!isOurs && key === undefined) options.onNewcomer?.();
    if (!isOurs || key === undefined) return;
    wake(news);
    options.onCharged?.(undefined);
  }

  function wake(news?: TabNews, old = false): void {
    client.wokenAt = now();
    client.isSnapshotOld ||= old || news !== undefined;
    client.onWake?.(news, old);
  }

  const client: Writable<AresClient> = {
    ...connection,
    read: (query) => connection.read(query).then(own),
    options,
    live: true,
    owner: snapshot?.owner,
    answered: false,
    turnedAway: false,
    speaksContract: snapshot !== undefined,
    balance: snapshot?.user?.credits,
    wokenAt: 0,
    isSnapshotOld: false,
    now,
    serverNow: () => now() + ahead,
    tellBalance(balance) {
      changes += 1;
      client.balance = balance;
      options.onCharged?.(balance);
    },
    tellOtherUser() {
      if (!client.live || gone) return;
      gone = true;
      options.onOtherUser?.();
    },
    tellTabs: (news) => channel?.postMessage(news),
    configure(next) {
      // Another ARES account of the same user is not another user.
      if ("account" in next && next.account !== options.account) userId = undefined;
      Object.assign(options, next);
    },
    async getUser() {
      const seen = changes;
      const { account } = options;
      const answer = await client.read();
      const { user } = answer.body ?? {};
      const credits = numberOf(user?.credits);
      if (!answer.ok || credits === undefined) throw errorOf(answer);
      // A charge may have ended during this read, so the balance may be older than the charge.
      if (changes === seen) client.balance = credits;
      const id = textOf(user?.id);
      // Read for the account before, the id would make the new account look like another user.
      if (account === options.account && id !== undefined) meet(id);
      return {
        id,
        email: textOf(user?.email),
        credits,
        prices: pricesOf(answer.body),
      };
    },
    readCharges: () => client.read(RECENT),
    connect() {
      clearTimeout(leaving);
      client.live = true;
      channel = openLine(() => options.openChannel?.(line) ?? new BroadcastChannel(line), hear);
      announce();
      if (snapshot?.pretend) showPretend();
      // A page out of the browser's memory may show an old state. Another user may be signed in now.
      const deafen = listen(["online", "visibilitychange", "pageshow"], (event) =>
        wake(undefined, "persisted" in event && event.persisted === true),
      );
      for (const { paidUntil } of snapshot?.charges ?? [])
        if (paidUntil) setTimeout(wake, Math.min(paidUntil - now(), MOST_MS));
      if (wasAway) {
        wake(undefined, true);
        options.onCharged?.(undefined);
      }
      wasAway = false;
      return () => {
        client.live = false;
        channel?.close();
        channel = undefined;
        deafen();
        leaving = setTimeout(() => {
          wasAway = true;
        });
      };
    },
  };
  return client;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const RECENT: Query = [["charges", "recent"]];
/** A longer timer would end at once. */
const MOST_MS = 2 ** 31 - 1;
