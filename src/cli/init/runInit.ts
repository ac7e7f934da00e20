import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { type Plan, pathsOf, plan, type Write } from "./plan";
import { detect, type Files, type Framework, frameworks, watched } from "./project";
import { type LedgerChoice, ledgers } from "./recipe";
import { foundSignIn, type SignIn, signIns } from "./signIn";

/** How the command speaks with its user. `undefined` is a user who ended the command. */
export interface Talk {
  say(text: string, title?: string): void;
  confirm(question: string): Promise<boolean | undefined>;
  choose<T extends string>(question: string, answers: readonly T[]): Promise<T | undefined>;
}

export interface InitPlace {
  folder: string;
  /** The version of this package, for package.json. */
  version: string;
  /** The files to copy, by their name in `examples/start`. */
  sources: Files;
  /** Nobody to ask: a pipe, or CI. */
  silent: boolean;
  talk: Talk;
}

/** Reads the files to copy from beside the command, where the build put them. */
export function readSources(file: URL): Files {
  return JSON.parse(readFileSync(file, "utf8"));
}

const usage = `Usage: ares-react init [--yes] [--ledger ${ledgers.join(" | ")}] [--sign-in ${signIns.join(" | ")}] [--framework ${frameworks.join(" | ")}]`;

/**
 * `ares-react init`: writes what a first charge needs, over a pretend ARES. Shows the files first, and never overwrites
 * one without asking. Returns the exit code: 0 written or nothing to do, 1 ended by the user, 2 not possible.
 */
export async function runInit(args: readonly string[], place: InitPlace): Promise<number> {
  const { folder, version, sources, silent, talk } = place;
  const asked = read(args);
  if (!asked) return refuse(talk, usage);
  const seen = readAll(folder, watched);
  const project = detect(seen, asked.framework);
  if (typeof project === "string") return refuse(talk, project);
  if (silent && !asked.yes) return refuse(talk, NOBODY);

  const files = { ...seen, ...readAll(folder, pathsOf(project, seen, sources)) };
  const ledger = await chosenLedger(asked, talk);
  if (ledger === undefined) return 1;
  const signIn = await chosenSignIn(asked, files, talk);
  if (signIn === undefined) return 1;

  const planned = plan(files, project, { ledger, signIn, version, sources });
  const language = project.typescript ? "TypeScript" : "JavaScript";
  talk.say(shown(planned), `${project.framework}, ${language}, ${project.packageManager}`);
  if (!(await mayWrite(planned, asked, talk))) return 1;

  const kept: string[] = [];
  for (const write of planned.writes) {
    if (await mayReplace(write, asked, talk)) put(folder, write);
    else kept.push(write.path);
  }
  talk.say(afterwards(planned, kept, signIn), "Next");
  return 0;
}

const NOBODY = "Nobody can answer questions here. Run the command in a terminal, or with --yes.";

function refuse(talk: Talk, why: string): 2 {
  talk.say(why);
  return 2;
}

/** The ledger of the command line, or of an answer. `undefined`: the user ended the command. */
async function chosenLedger(asked: Asked, talk: Talk): Promise<LedgerChoice | undefined> {
  if (asked.ledger) return asked.ledger;
  if (asked.yes) return "memory";
  return talk.choose("Which ledger? memory needs nothing, and forgets.", ledgers);
}

/** The sign-in of the command line, or of an answer. `undefined`: the user ended the command. */
async function chosenSignIn(asked: Asked, files: Files, talk: Talk): Promise<SignIn | undefined> {
  if (asked.signIn) return asked.signIn;
  const { signIn, library } = foundSignIn(files);
  if (asked.yes) return signIn;
  const seen = library
    ? `package.json has ${library}.`
    : "package.json names no sign-in that is known here.";
  const others = signIns.filter((each) => each !== signIn);
  return talk.choose(`Who signs your users in? ${seen}`, [signIn, ...others]);
}

async function mayWrite({ writes }: Plan, { yes }: Asked, talk: Talk): Promise<boolean> {
  if (yes || writes.length === 0) return true;
  return (await talk.confirm("Write these files?")) === true;
}

/** False for a file of the user's that stays. Even --yes overwrites nothing. */
async function mayReplace({ kind, path }: Write, { yes }: Asked, talk: Talk): Promise<boolean> {
  if (kind !== "taken") return true;
  if (yes) return false;
  return (await talk.confirm(`Overwrite your ${path}?`)) === true;
}

interface Asked {
  yes: boolean;
  ledger: LedgerChoice | undefined;
  signIn: SignIn | undefined;
  framework: Framework | undefined;
}

function read(args: readonly string[]): Asked | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        yes: { type: "boolean", short: "y", default: false },
        ledger: { type: "string" },
        "sign-in": { type: "string" },
        framework: { type: "string" },
      },
    });
    const ledger = ledgers.find((name) => name === values.ledger);
    const framework = frameworks.find((name) => name === values.framework);
    const signIn = signIns.find((name) => name === values["sign-in"]);
    if (ledger !== values.ledger || framework !== values.framework) return undefined;
    if (signIn !== values["sign-in"]) return undefined;
    return { yes: values.yes, ledger, signIn, framework };
  } catch {
    return undefined;
  }
}

function readAll(folder: string, paths: readonly string[]): Files {
  const there = paths.filter((path) => existsSync(join(folder, path)));
  return Object.fromEntries(there.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

function put(folder: string, { path, text }: Write): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function shown({ writes }: Plan): string {
  if (writes.length === 0) return "Everything is there. Nothing to write.";
  const words = { new: "new     ", change: "change  ", taken: "EXISTS  " };
  return writes.map(({ path, kind }) => `${words[kind]}${path}`).join("\n");
}

const OWN =
  "Until you say who is signed in, every request comes from one pretend user. The lines for your sign-in: node_modules/ares-react/docs/sign-in.md";

function afterwards(
  { byHand, install, next, writes }: Plan,
  kept: readonly string[],
  signIn: SignIn,
): string {
  return [
    ...(kept.length > 0 ? [`Kept as yours: ${kept.join(", ")}`] : []),
    ...byHand,
    ...(install ? [install] : []),
    ...(writes.length > 0 ? [next] : []),
    ...(signIn === "own" ? [OWN] : []),
    "Every other framework and the keys for real credits: node_modules/ares-react/docs",
  ].join("\n");
}
