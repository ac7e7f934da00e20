import { definePrices, need, type Prices } from "../contract";
import type { AresApiOptions } from "./ares/aresApi";
import type { Authenticate } from "./auth/auth";
import type { AresEvent } from "./charge/events";
import type { SpendCap } from "./charge/spendCap";
import type { RateLimit } from "./http/rateLimit";
import type { Ledger } from "./ledger/ledger";
import { parseUrl } from "./parseUrl";
import type { Telemetry } from "./telemetry";

/** The options of `createAresServer`. */
export interface AresServerOptions<P extends Prices = Prices> {
  /** This app's client id at ARES. */
  clientId: string;
  /** What the app charges for; see `definePrices`. */
  prices: P;
  /** Says who sent a request; see `clerkAuth`. */
  auth: Authenticate;
  /**
   * The book of charges: each charge stands in it before ARES is asked. One ledger belongs to one client id.
   * Give each client id a table or prefix of its own. There is no default, because a restart must not lose the ledger:
   * pass `sqlLedger`, `redisLedger`, or `memoryLedger` where the app can afford to lose charges.
   */
  ledger: Ledger;
  /** How to reach ARES. */
  ares?: AresApiOptions;
  /** Origins allowed to POST, e.g. `["https://app.example"]`. Needed behind a proxy that changes the host. @default the request's own origin */
  origins?: readonly string[];
  /**
   * Other origins whose pages call this server with cookies or tokens, e.g. `["https://shop.example"]`. Name each one: there is no `*`.
   * Export `OPTIONS` beside `GET` and `POST`. @default none
   */
  cors?: readonly string[];
  /** Where your app explains the codes of errors: the `type` of each refusal is this address, `#` and the code. @default a name without an address */
  errorPages?: string;
  /** Set by `pretend()` of `ares-react/testing`: each answer says `Ares-Pretend: 1`. */
  pretend?: boolean;
  /** Requests per user in each process, and new charges per user on all servers, or `false`. */
  rateLimit?: RateLimit | false;
  /**
   * Stops new charges while it says true: they are refused with `paused`, and nothing is sent. Reads, paid resources and keys
   * that have a row are answered as ever. Throwing, or taking longer than a second, counts as true.
   *
   * @example
   * paused: () => process.env.ARES_PAUSED === "1"
   */
  paused?: () => boolean | Promise<boolean>;
  /** The most credits one user may spend, e.g. `{ perMinute: 20, perDay: 200 }`. */
  spendCap?: SpendCap;
  /**
   * `"balance"` reads the balance before each charge: one more call to ARES.
   * `reconcile` needs that balance to judge an unconfirmed charge.
   */
  evidence?: "balance" | "none";
  /** Receives every change of a charge, for logs and metrics. An event carries no secrets. An error of the listener is ignored. */
  onEvent?: (event: AresEvent) => void;
  /** Hears of the work as it runs, for traces and metrics; see `otel` of `ares-react/otel`. @default nobody hears */
  telemetry?: Telemetry;
  /**
   * Receives the errors of `auth` and the ledger, and bugs. The user sees only `auth_unavailable`, `ledger_unavailable` or `internal`.
   * The error is the app's own and may hold secrets: log it with care.
   * @default prints each kind of error once: name and place, and in development the message
   */
  onError?: (error: unknown) => void;
  /**
   * Keeps a serverless function alive until a promise ends, such as `waitUntil` of `@vercel/functions` or of a Worker's
   * context. An outcome that the ledger could not store at once is stored meanwhile.
   */
  waitUntil?: (work: Promise<void>) => void;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** A random id for one attempt at a charge. */
  newId?: () => string;
}

/** Stops a start with an option that can't work. @throws {AresError} `invalid_request` */
export function checkServerOptions(options: AresServerOptions): void {
  const { ledger, origins = [], cors = [], errorPages } = options;
  need(
    ledger,
    "createAresServer() got no ledger. A charge that a restart forgets could be charged twice. Pass sqlLedger(), redisLedger(), or memoryLedger() to accept that risk.",
  );
  for (const verb of verbs)
    need(
      typeof ledger[verb] === "function",
      `The ledger has no ${verb}(), and no charge is safe without. Write it as Ledger describes it.`,
    );
  for (const name of Object.keys(options))
    need(
      known.has(name),
      `createAresServer() does not know the option ${name}. Correct or remove it.`,
    );
  for (const name of ["clientId", "auth", "prices"] as const)
    need(
      options[name],
      `createAresServer() got no ${name}. It can't charge without one. Pass ${name}.`,
    );
  for (const [name, listed] of Object.entries({ origins, cors }))
    for (const origin of listed)
      need(
        parseUrl(origin)?.origin === origin && !origin.includes("*"),
        `"${origin}" in ${name} is no origin. Write scheme and host, e.g. "https://app.example".`,
      );
  need(
    errorPages === undefined || parseUrl(errorPages),
    `"${errorPages}" in errorPages is no address. Write a full one.`,
  );
  definePrices(options.prices);
}

/** Every ledger has these verbs. A new verb is optional, or its name here stops the start of an older ledger. */
const verbs = ["claim", "begin", "settle", "find", "redeem", "list", "resolve", "health"] as const;

const known = /* @__PURE__ */ new Set(
  /* @__PURE__ */ Object.keys({
    clientId: true,
    prices: true,
    auth: true,
    ledger: true,
    ares: true,
    origins: true,
    cors: true,
    errorPages: true,
    pretend: true,
    rateLimit: true,
    spendCap: true,
    paused: true,
    evidence: true,
    onEvent: true,
    telemetry: true,
    onError: true,
    waitUntil: true,
    now: true,
    newId: true,
  } satisfies Record<keyof AresServerOptions, true>),
);
