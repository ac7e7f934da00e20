import { parseArgs } from "node:util";
import { isCredits } from "../../contract";
import { createAsk } from "./ask";
import { checklistOf } from "./checklist";
import { type Finding, found, isSound, linesOf } from "./findings";
import { loadServer, readVariables, usualModule } from "./loadModule";
import { findEndpoint, lookAtEndpoint } from "./lookAtEndpoint";
import { lookAtPage } from "./lookAtPage";
import { tryCharge } from "./tryCharge";

interface Doctor {
  doctor(): Promise<{ ok: boolean; report: string; findings?: Finding[] }>;
}

/** What the command can do. */
export const USAGE = `Usage: ares-react init
       ares-react setup [module that exports \`ares\`, made by createAresServer] [--env-file <file>]
       ares-react secret
       ares-react charges list|show|resolve|release|erase|export
       ares-react reconcile [module that exports \`ares\`] [--apply]
       ares-react prove [module that exports \`aresOptions\`] [--seconds 120]
       ares-react doctor [module that exports \`ares\`, made by createAresServer] [--env-file <file>]
       ares-react doctor <URL of the running app> [--spend <credits>] [--header "Cookie: …"]
       ares-react --help | --version`;

/**
 * `ares-react doctor`: asks a module's server for its diagnosis, or looks at a running app by its URL. Prints what to
 * correct. Returns the exit code: 0 no errors, 1 errors, 2 nothing could be checked.
 */
export async function runDoctor(
  args: readonly string[],
  print: (line: string) => void,
  folder = process.cwd(),
): Promise<number> {
  const [command, ...rest] = args;
  const options = command === "doctor" ? readOptions(rest) : undefined;
  const target = options && (options.target ?? usualModule(folder));
  if (!options || target === undefined) {
    print(USAGE);
    return 2;
  }
  return /^https?:\/\//.test(target)
    ? lookByUrl(target, options, print)
    : lookAtModule(folder, target, options, print);
}

interface Options {
  target: string | undefined;
  spend: number | undefined;
  headers: Record<string, string>;
  /** The file of a module's variables. */
  envFile: string | undefined;
}

function readOptions(args: string[]): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        spend: { type: "string" },
        header: { type: "string", multiple: true, default: [] },
        "env-file": { type: "string" },
      },
    });
    const spend = values.spend === undefined ? undefined : Number(values.spend);
    const headers = values.header.map((line) => line.split(/:\s*(.*)/s));
    if (
      (spend !== undefined && !isCredits(spend)) ||
      headers.some(([name, value]) => !name || !value) ||
      positionals.length > 1
    )
      return undefined;
    return {
      target: positionals[0],
      spend,
      headers: Object.fromEntries(headers.map(([name = "", value = ""]) => [name, value])),
      envFile: values["env-file"],
    };
  } catch {
    return undefined;
  }
}

async function lookAtModule(
  folder: string,
  named: string,
  { envFile }: Pick<Options, "envFile">,
  print: (line: string) => void,
): Promise<number> {
  if (!readVariables(folder, envFile, print)) return 2;
  if (envFile === undefined) process.env.NODE_ENV ??= "development";
  const ares = await loadServer(folder, named, print);
  if (!isDoctor(ares)) return 2;
  const { ok, report, findings } = await ares.doctor();
  print(findings ? linesOf(findings) : report);
  if (findings) print(checklistOf({ spends: false, findings }));
  return ok ? 0 : 1;
}

async function lookByUrl(
  address: string,
  { spend, headers }: Options,
  print: (line: string) => void,
): Promise<number> {
  const ask = createAsk(headers);
  try {
    const endpoint = await findEndpoint(ask, new URL(address).href);
    const findings =
      "answer" in endpoint
        ? [
            ...(await lookAtEndpoint(ask, endpoint)),
            ...(await tryCharge(ask, endpoint, spend)),
            ...(await lookAtPage(
              ask,
              endpoint.url === new URL(address).href ? new URL("/", address).href : address,
            )),
          ]
        : [endpoint];
    print(linesOf(findings));
    print(checklistOf({ address, spends: spend !== undefined, findings }));
    return isSound(findings) ? 0 : 1;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    print(
      linesOf([
        found(
          "address",
          "error",
          `${address} gives no answer: ${cause instanceof Error ? cause.message : "unknown error"}`,
        ),
      ]),
    );
    return 2;
  }
}

function isDoctor(value: unknown): value is Doctor {
  return (
    typeof value === "object" &&
    value !== null &&
    "doctor" in value &&
    typeof value.doctor === "function"
  );
}
