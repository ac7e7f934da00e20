import { type Finding, isSound } from "./findings";

/** What a run of the doctor has looked at. */
export interface Seen {
  /** The address of the running app; undefined for a module. */
  address?: string;
  /** True where a charge was allowed by `--spend`. */
  spends: boolean;
  findings: readonly Finding[];
}

interface Line {
  todo: string;
  /** True where this run has shown the line to be done. A line without it is for a person. */
  isDone?: (seen: Seen) => boolean;
}

/** The lines of docs/operate/launch.md, in their order. */
export const lines: readonly Line[] = [
  {
    todo: "npx ares-react setup lib/ares.ts --env-file .env.production",
    isDone: (seen) => !seen.address && hasLedger(seen),
  },
  {
    todo: "npx ares-react doctor lib/ares.ts --env-file .env.production",
    isDone: (seen) => !seen.address && isSound(seen.findings),
  },
  { todo: "npx ares-react doctor https://app.example", isDone: isLive },
  {
    todo: 'npx ares-react doctor https://app.example --spend 1 --header "Cookie: session=…", with the session of a test account',
    isDone: (seen) => isLive(seen) && seen.spends && isOk(seen, "charge"),
  },
  { todo: "look for that charge in ARES's own books" },
  { todo: "npx ares-react charges list --user <test user> --env-file .env.production" },
  { todo: "press twice, reload, and open a second tab in the deployed app" },
  { todo: "let your onEvent reach your alerts, and send it a made-up settle_lost" },
  { todo: "call your reconcile cron once" },
  { todo: "switch paused on, press, switch it off, and press again" },
  { todo: "set spendCap, and press past it" },
  {
    todo: "npx ares-react prove lib/ares.ts --env-file .env.staging, over the engine that you will run",
  },
  { todo: "restore a backup of the ledger once, into a copy" },
];

/** The launch list: what this run has seen to be done, and what is open, with its command. */
export function checklistOf(seen: Seen): string {
  const shown = lines.map(({ todo, isDone }, at) => {
    const mark = isDone?.(seen) ? "[x]" : "[ ]";
    return `${mark} ${String(at + 1).padStart(2)}  ${todo}`;
  });
  return [HEAD, ...shown].join("\n");
}

const HEAD =
  "\nBefore your first user (see node_modules/ares-react/docs/operate/launch.md). This run has seen what is ticked:";

/** The deployed app, over the real ARES, and nothing to correct in it. */
function isLive({ address, findings }: Seen): boolean {
  const pretends = findings.some(({ name, status }) => name === "ARES" && status !== "ok");
  return address?.startsWith("https:") === true && !pretends && isSound(findings);
}

function hasLedger({ findings }: Seen): boolean {
  const ofLedger = findings.filter(({ name }) => name === "ledger");
  return ofLedger.length > 0 && isSound(ofLedger);
}

function isOk({ findings }: Seen, subject: string): boolean {
  return findings.some(({ name, status }) => name === subject && status === "ok");
}
