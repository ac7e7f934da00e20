/**
 * Finds a Chromium for the browser tests, so that a machine with only Node can run them.
 *
 * `CHROMIUM_PATH` names a binary, and `CHROMIUM=system` asks for the system's. Otherwise the order is: the one inside
 * the npm package @sparticuz/chromium (Linux x64, headless only), Playwright's own download, the system's. The lockfile
 * pins the first, so a test sees the same browser on every such machine. `node scripts/chromium.mjs` prints the answer.
 *
 * On Linux x64 every choice sees only the font that comes with the package, so a machine's own fonts change no test.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { createBrotliDecompress } from "node:zlib";

/** Arguments for every launch. Chromium runs as root in containers, and must not use the network by itself. */
export const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @type {Partial<Record<string, string[]>>} */
const SYSTEM = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
    "/snap/bin/chromium",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  ],
};

/**
 * Resolves an installed Chromium. Pass `env` to the launch as well: the npm package's Chromium may need libraries and
 * fonts beside it.
 *
 * @example
 * const { executablePath, env } = await resolveChromium();
 * const browser = await chromium.launch({ executablePath, env, args: chromiumArgs });
 *
 * @returns {Promise<{ executablePath: string, source: string, env: Record<string, string> }>}
 */
export async function resolveChromium() {
  const env = { ...inheritedEnv(), ...(await ownFonts()) };

  const named = process.env.CHROMIUM_PATH ?? process.env.CHROME_PATH;
  if (named) {
    if (!existsSync(named))
      throw new Error(`CHROMIUM_PATH is ${named}, which does not exist. Correct it, or unset it.`);
    return { executablePath: named, source: "environment", env };
  }

  const wish = process.env.CHROMIUM;
  if (wish === "system") return { executablePath: wishedSystem(), source: "system", env };
  if (wish)
    throw new Error(`CHROMIUM is ${wish}, which is no choice. Set it to system, or unset it.`);

  if (process.platform === "linux" && process.arch === "x64") return shippedByNpm(env);

  const playwrights = await playwrightsOwn();
  if (playwrights) return { executablePath: playwrights, source: "playwright", env };
  const system = systemsOwn();
  if (system) return { executablePath: system, source: "system", env };
  throw new Error(
    "No Chromium was found. Install Chrome, or set CHROMIUM_PATH, or run `npx playwright install chromium`.",
  );
}

function systemsOwn() {
  return (SYSTEM[process.platform] ?? []).find((candidate) => existsSync(candidate));
}

function wishedSystem() {
  const system = systemsOwn();
  if (system) return system;
  throw new Error(
    "CHROMIUM is system, but no Chromium is installed here. Install one, or unset CHROMIUM.",
  );
}

/** Playwright replaces the environment by `env`, so `env` must contain the inherited one. */
function inheritedEnv() {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined) env[name] = value;
  return env;
}

async function playwrightsOwn() {
  const { chromium } = await import("playwright-core");
  const candidate = chromium.executablePath();
  return candidate && existsSync(candidate) ? candidate : null;
}

/** @param {Record<string, string>} env */
async function shippedByNpm(env) {
  const { dir, version } = await unpacked();
  const executablePath = path.join(dir, "chromium");
  const libraries = [path.join(dir, "al2023", "lib"), path.join(dir, "lib")];
  const extra = { ...env };
  if (lacksLibraries(executablePath))
    extra.LD_LIBRARY_PATH = [...libraries, env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return { executablePath, source: `npm:@sparticuz/chromium@${version}`, env: extra };
}

/** The setting by which a browser finds the packaged font alone, where there is a package. */
async function ownFonts() {
  if (process.platform !== "linux" || process.arch !== "x64") return {};
  const { dir } = await unpacked();
  const config = path.join(dir, "own-fonts.conf");
  const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(dir, "fonts")}</dir>
  <cachedir>${path.join(dir, "fonts-cache")}</cachedir>
</fontconfig>
`;
  if (!existsSync(config) || readFileSync(config, "utf8") !== text) writeFileSync(config, text);
  return { FONTCONFIG_FILE: config };
}

/** Unpacks the package's browser, libraries and font, once. */
async function unpacked() {
  const root = packageRoot("@sparticuz/chromium");
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const dir = path.resolve(root, "..", "..", ".cache", "ares-react-chromium", version);
  if (!existsSync(path.join(dir, "complete"))) await unpack(path.join(root, "bin"), dir);
  return { dir, version };
}

/** @param {string} name */
function packageRoot(name) {
  let dir = path.dirname(createRequire(import.meta.url).resolve(name));
  while (!existsSync(path.join(dir, "bin", "chromium.br"))) {
    if (dir === path.dirname(dir))
      throw new Error(`${name} is installed without its binary. Run npm ci again.`);
    dir = path.dirname(dir);
  }
  return dir;
}

/**
 * Several test runs may unpack at once. Each works in its own directory, and the first rename wins.
 *
 * @param {string} bin
 * @param {string} dir
 */
async function unpack(bin, dir) {
  const mine = `${dir}.${process.pid}.${Date.now()}`;
  mkdirSync(mine, { recursive: true });
  try {
    const executable = path.join(mine, "chromium");
    await pipeline(
      createReadStream(path.join(bin, "chromium.br")),
      createBrotliDecompress({ chunkSize: 1 << 20 }),
      createWriteStream(executable),
    );
    chmodSync(executable, 0o755);
    for (const name of ["al2023", "swiftshader", "fonts"]) {
      const tar = path.join(mine, `${name}.tar`);
      await pipeline(
        createReadStream(path.join(bin, `${name}.tar.br`)),
        createBrotliDecompress(),
        createWriteStream(tar),
      );
      execFileSync("tar", ["xf", tar, "-C", mine]);
      rmSync(tar);
    }
    writeFileSync(path.join(mine, "complete"), "");
    renameSync(mine, dir);
  } catch (error) {
    if (!existsSync(path.join(dir, "complete"))) throw error;
  } finally {
    rmSync(mine, { recursive: true, force: true });
  }
}

/** @param {string} executable */
function lacksLibraries(executable) {
  try {
    return execFileSync("ldd", [executable], { encoding: "utf8" }).includes("not found");
  } catch {
    // This machine has no ldd. The libraries that come with the binary do no harm.
    return true;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { executablePath, source } = await resolveChromium();
  console.log(`${executablePath} (${source})`);
}
