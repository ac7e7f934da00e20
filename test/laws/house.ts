import { posix } from "node:path";
import { importsOf, type SourceFile } from "./sourceFiles";

interface Room {
  rooms: string[];
  /**
   * Doors that the room imports by their public names. A room behind another door is never imported by its path: the build
   * would put a second copy of it into this door.
   */
  doors: string[];
  packages: RegExp;
}

/** What each room may import. Arrows point to the contract. */
export const rooms: Record<string, Room> = {
  contract: { rooms: [], doors: [], packages: /^zod\/mini$/ },
  client: { rooms: ["contract"], doors: [], packages: /^zod\/mini$/ },
  react: { rooms: ["contract", "client"], doors: [], packages: /^(react|@tanstack\/react-query)$/ },
  clerk: { rooms: ["contract"], doors: ["ares-react"], packages: /^react$/ },
  server: { rooms: ["contract"], doors: [], packages: /^(zod\/mini|@clerk\/backend)$/ },
  // `../server` alone would be the door, which keeps the parts to itself that both rooms stand on.
  connect: {
    rooms: ["contract", "server/index"],
    doors: [],
    packages: /^(oauth4webapi|zod\/mini)$/,
  },
  otel: { rooms: ["contract", "server/index"], doors: [], packages: /^@opentelemetry\/api$/ },
  receipt: { rooms: ["contract"], doors: [], packages: /^(jose|zod\/mini)$/ },
  // The one room that meets both doors. A React Server Component imports the client's door as a reference.
  rsc: { rooms: [], doors: ["ares-react", "ares-react/server"], packages: /^react$/ },
  // This room alone is a program on Node.
  cli: {
    rooms: ["contract", "server"],
    doors: ["ares-react/server", "ares-react/testing"],
    packages: /^(node:|@clack\/prompts$|jiti$|zod\/mini$)/,
  },
  testing: {
    rooms: ["contract"],
    doors: ["ares-react", "ares-react/connect", "ares-react/server"],
    // `node:module` is for the build under Node alone; test/built holds the other builds to that.
    packages: /^(react|@tanstack\/react-query|msw|zod\/mini|node:module)$/,
  },
};

/** The subject of each list entry. The map in docs/architecture.md is made from these. */
type Entries = Readonly<Record<string, string>>;

/** The order inside a folder: a file imports from its own entry and from EARLIER ones. A folder is one entry; `import type` counts. */
export const order: Readonly<Record<string, Entries>> = {
  contract: {
    errors: "every code and what it means",
    errorMessages: "the English of each code",
    credits: "amounts: two decimals, whole hundredths",
    idempotencyKey: "keys: their mint time and their terms",
    headers: "the names of the headers",
    digest: "SHA-256 of parts",
    lookUps: "what a page asks in one GET",
    input: "the one text and digest of a quoted usage's input",
    wire: "everything that goes over the wire, as schemas",
    quoted: "`quoted`, and the schema of an input",
    prices: "`definePrices` and what a usage costs",
    snapshot: "what the server hands the first paint",
  },
  client: {
    shortHash: "names something in storage without its text",
    chargeState: "the public union of a charge's states",
    answer: "reads an answer of any server",
    hint: "tells the developer something once, never in production",
    pretendBanner: "the banner over a pretend ARES",
    connection: "requests to the endpoint, with the session's token",
    tabs: "locks and messages between tabs",
    clientOptions: "the options of a client",
    createAresClient: "one user on this page",
    onePerClient: "what a page makes for its user once it is needed",
    appCalls: "calls of the app's other endpoints",
    lookups: "the look-ups of one tick, in one request",
    pendingKeys: "keeps keys in the browser's storage",
    charge: "the charge machine and its effects, made by the first hook that needs it",
  },
  react: {
    messages: "texts by language, amounts and moments",
    provider: "what all hooks share: client, queries, session",
    hooks: "`useAresUser`, `useAresUsage`, `useAresCharges`",
    gate: "`AresGate`, its headless hook and its parts",
    components: "balance, receipt, history, notices",
  },
  "react/gate": {
    state: "which state a gate is in, and what its actions do",
    useAresGate: "the headless gate: charge, user, price and question",
    useAresFetch: "paid calls, with the gate in front of them",
    words: "what a gate or an error says, and how it is heard",
    parts: "buttons, links, dialogs and the paid content",
    AresGateStatus: "the words of a gate with own markup",
    AresGateActions: "the actions of a state",
    UnlockButton: "the unlock alone",
    AresGate: "the gate with the kit's markup",
  },
  clerk: {
    clerkHooks: "the hooks of Clerk that are used",
    clerkSession: "what Clerk says of the session",
    tokenFor: "the session token of one user",
    useConnecting: "connects ARES in Clerk",
    AresProviderWithClerk: "the provider on Clerk's hooks",
  },
  server: {
    refusals: "errors with the table's text",
    development: "whether this is development",
    printOnce: "tells the developer of an error, once",
    parseUrl: "an address, or none, on every runtime",
    bounded: "no wait and no read without a limit",
    ledger: "the book of charges, on every engine",
    auth: "who is signed in, and their token",
    ares: "ARES's API: the only room that knows it",
    charge: "claim, begin, send, settle; look-ups, caps",
    telemetry: "who hears of the work as it runs, and harms nothing",
    http: "requests in, answers out",
    paid: "`withCharge`, `withPaid` and `requirePaid`",
    operate: "`reconcile` and `doctor`",
    snapshot: "`ares.snapshot`, for the first paint",
    serverOptions: "the options of an app's server, and what can't work",
    createAresServer: "puts the parts together",
  },
  "server/ledger": {
    redemption: "one use of a charge, as it is asked and answered",
    spending: "the windows of a limit on what a user spends",
    erasing: "which rows of a user may move under another name",
    ledger: "the interface: eight verbs, and seven that a ledger may lack",
    storedOutcome: "an outcome as it is stored",
    rows: "what a row says: unsettled, how old, in which order",
    askLedger: "asks the ledger within a limit",
    uses: "what a redemption does to the uses of a row",
    memoryLedger: "a ledger in memory, the reference",
    sql: "PostgreSQL and SQLite",
    redis: "Redis and Valkey",
  },
  connect: {
    tokenAnswer: "what an answer of ARES's token endpoint means",
    tokenRow: "one user's link, and every decision about its refresh",
    tokenStore: "the interface: read, write, remove",
    memoryTokens: "links in memory, the reference",
    sqlTokens: "links in PostgreSQL and SQLite",
    redisTokens: "links in Redis and Valkey",
    sealing: "keys, and what is encrypted with them",
    aresOAuth: "OAuth with ARES: the only file that speaks it",
    links: "tokens for users: reads, refreshes and stores them",
    refusals: "why a connection did not come about, in words",
    cookies: "names and attributes of the cookies",
    returnAddress: "where a user may be sent back to",
    connectOptions: "the options, and what can't work",
    signIn: 'who is there: the app\'s session, or `session: "ares"`',
    routes: "start, callback, disconnect, sign-out",
    aresConnect: "puts the parts together",
  },
  otel: {
    attributes: "what a span says of a piece of work",
    instruments: "the metrics",
    otel: "`otel()`: spans and metrics by OpenTelemetry",
  },
  receipt: {
    receiptKey: "the keys that sign",
    signReceipt: "signs a receipt",
    verifyReceipt: "verifies a receipt",
  },
  rsc: { AresServerGate: "the gate around server components" },
  cli: {
    doctor: "`ares-react doctor`",
    charges: "`ares-react charges` and `reconcile`: the operator's view of the book",
    setup: "`ares-react setup`",
    prove: "`ares-react prove`: the harness that kills servers, drops replies and counts",
    secret: "`ares-react secret`",
    init: "`ares-react init`: what it writes, and the writing",
    talk: "questions at a terminal",
    version: "the version of this package",
  },
  "cli/doctor": {
    findings: "what was found, as lines for a terminal",
    loadModule: "imports the app's module, in TypeScript too",
    ask: "asks a running app",
    lookAtPage: "colours and caches of a page",
    lookAtEndpoint: "headers, caches, clock and origins of the endpoint",
    tryCharge: "one charge, where that is allowed",
    checklist: "the launch list: what a run has seen, and what is open",
    runDoctor: "reads the arguments and prints",
  },
  "cli/charges": {
    desk: "opens the book of a module's server",
    words: "a charge in words, and what a change means",
    runCharges: "reads the arguments, asks and prints",
  },
  "cli/prove": {
    moments: "when a server is killed, and its last words",
    intents: "what customers want to pay for",
    customer: "asks for a charge as a patient client does",
    startService: "a program in a process of its own",
    startFleet: "the servers of one app, which are killed",
    startAres: "the pretend ARES, as its parent sees it",
    history: "whether answers need two charges",
    judge: "compares ARES's book, the ledger and the answers",
    ledTo: "what each fault led to",
    pace: "how much at once, how long, and when to disturb",
    trialBook: "reads the ledger of a trial",
    runTrial: "presses, disturbs, reads back and compares",
    plan: "spreads an app's usages over users",
    appOptions: "the app's options, and its ledger under another name",
    listen: "serves in a process of its own",
    aresPart: "the pretend ARES in its process",
    serverPart: "one server of the app in its process",
    runPart: "which of both a process is",
    words: "a run in words",
    runProve: "reads the arguments, tries the control and the app, and tells",
  },
  "cli/setup": {
    runSetup: "sets up the ledger of a module's server",
  },
  "cli/init": {
    project: "what a project is made of",
    signIn: "who signs the users in, and what that takes out",
    recipe: "what a framework needs, and edits of its files",
    sources: "the files that are copied, and what goes with a ledger",
    next: "Next.js and React Router",
    servers: "Vite with Hono, and Express",
    plan: "what is written, decided without writing",
    runInit: "asks, shows and writes",
  },
  testing: {
    simulator: "the pretend ARES",
    ledgerRules: "the rules that every ledger keeps",
    server: "a server, handlers and a provider for tests",
    everywhere: "what the door has on every runtime",
  },
};

const withoutEnding = (path: string) => path.replace(/\.tsx?$/, "");

/** Says which imports of a file run against the order of its folders. */
export function againstOrder(file: SourceFile): string[] {
  return importsOf(file).flatMap((specifier) => {
    if (!specifier.startsWith(".")) return [];
    const target = posix.join(posix.dirname(file.path), specifier);
    const fault = orderFault(withoutEnding(file.path).split("/"), target.split("/"));
    return fault === null ? [] : [`${file.path}: "${specifier}" ${fault}`];
  });
}

function orderFault(from: string[], to: string[]): string | null {
  const depth = from.findIndex((part, index) => part !== to[index]);
  const folder = from.slice(0, depth).join("/");
  const [own, other] = [from[depth], to[depth]];
  // The rooms' law checks imports of another room. An index may import every entry. A folder without a list is one
  // entry of the list above.
  if (depth < 1 || own === undefined || own === "index") return null;
  const entries = order[folder];
  if (entries === undefined) return null;
  const list = Object.keys(entries);
  if (!list.includes(own)) return `is imported by ${folder}/${own}, which is in no list`;
  if (other === undefined || !list.includes(other)) return `is in no list of ${folder}`;
  return list.indexOf(other) < list.indexOf(own) ? null : `comes later in ${folder} than ${own}`;
}

/** The entries of lists that no file belongs to, and the files that no list names. */
export function unlisted(files: readonly SourceFile[]): string[] {
  const paths = files.map(({ path }) => withoutEnding(path));
  const gone = Object.entries(order).flatMap(([folder, entries]) =>
    Object.keys(entries)
      .map((entry) => `${folder}/${entry}`)
      .filter((place) => !paths.some((path) => path === place || path.startsWith(`${place}/`))),
  );
  const strange = paths.filter((path) => {
    const parts = path.split("/");
    return parts.slice(1).some((part, index) => {
      const entries = order[parts.slice(0, index + 1).join("/")];
      return entries !== undefined && part !== "index" && !(part in entries);
    });
  });
  return [...gone, ...strange];
}

/** The file that a specifier leads to, without its ending: a neighbour, or a door by its public name. */
function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  const door = /^ares-react(?:\/(.+))?$/.exec(specifier);
  return door ? (door[1] ?? "index") : undefined;
}

/** The first circle of imports among files, if there is one. */
export function circleIn(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [withoutEnding(file.path), file]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    const file = byPath.get(path) ?? byPath.get(`${path}/index`);
    if (!file || done.has(path)) return [];
    for (const target of importsOf(file).flatMap(
      (specifier) => targetOf(file.path, specifier) ?? [],
    )) {
      const circle = visit(target, [...trail, path]);
      if (circle.length > 0) return circle;
    }
    done.add(path);
    return [];
  };
  for (const path of byPath.keys()) {
    const circle = visit(path, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
