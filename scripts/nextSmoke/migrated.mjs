import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PAGE_MS, run, start } from "./processes.mjs";
import { snippetsOf } from "./quickStart.mjs";

const root = path.resolve(import.meta.dirname, "../..");

/**
 * The app of docs/migrate.md: its files as they stand on the page, with a page for the guide's button, and one for each way
 * that replaces it. Clerk, ARES and the database are those of the quick start, so `env` is too.
 *
 * @param {Omit<import("./inBothModes.mjs").Parts, "onEnd"> & {
 *   quickStart: string,
 *   env: Record<string, string> & { APP_ORIGIN: string },
 *   ares: import("../../src/testing").AresSimulator,
 * }} parts
 */
export async function checkMigrated({ check, stage, packages, browser, quickStart, env, ares }) {
  const app = path.join(stage, "migrated");
  cpSync(path.join(import.meta.dirname, "migrated"), app, { recursive: true });
  symlinkSync(packages, path.join(app, "node_modules"));
  for (const same of ["proxy.ts", "tsconfig.json"])
    cpSync(path.join(quickStart, same), path.join(app, same));
  writePage(app, readFileSync(path.join(root, "docs/migrate.md"), "utf8"));
  const config = { turbopack: { root: stage } };
  writeFileSync(path.join(app, "next.config.mjs"), `export default ${JSON.stringify(config)};\n`);

  const next = path.join(packages, "next", "dist", "bin", "next");
  const cli = path.join(packages, "ares-react", "dist", "cli.js");
  // The page's request names this client.
  const own = { ...env, ARES_CLIENT_ID: "1234" };
  await run(process.execPath, [next, "build"], { cwd: app, env: own, ms: 300_000 });
  await run(process.execPath, [cli, "setup", "lib/ares.ts"], { cwd: app, env: own, ms: PAGE_MS });
  const { port } = new URL(env.APP_ORIGIN);
  const server = start(process.execPath, [next, "start", "-H", "localhost", "-p", port], {
    cwd: app,
    env: own,
  });
  await server.answers(env.APP_ORIGIN, PAGE_MS);
  await drive({
    check: (title, ok, seen) => check(`docs/migrate: ${title}`, ok, seen),
    origin: env.APP_ORIGIN,
    signIn: env.NEXT_PUBLIC_CLERK_SIGN_IN_URL,
    browser,
    ares,
  });
  await server.end();
}

/** Writes the page's files, but not the one of its last chapter, which keeps the guide's route. @param {string} app @param {string} page */
function writePage(app, page) {
  const files = snippetsOf(page).filter(({ name }) => name !== "app/guide.tsx");
  const request = /^```js\n([\s\S]*?)^```/m.exec(page)?.[1]?.trim() ?? "";
  files.push({
    name: "app/guide.js",
    code: `export const pay = async () => ${request.replace(/^await /, "")}\n`,
  });
  for (const { name, code } of files) {
    const file = path.join(app, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, name === "lib/ares.ts" ? onThisMachine(code) : code);
  }
}

/** The page's options, with the addresses of the Clerk and the ARES that stand in here. @param {string} code */
function onThisMachine(code) {
  return code
    .replace("clerkAuth({", "clerkAuth({\n    apiUrl: process.env.CLERK_API_URL,")
    .replace("} satisfies", "  ares: { baseUrl: process.env.ARES_BASE_URL },\n} satisfies");
}

/**
 * @param {Pick<import("./inBothModes.mjs").Parts, "check" | "browser"> & {
 *   origin: string,
 *   signIn: string | undefined,
 *   ares: import("../../src/testing").AresSimulator,
 * }} parts
 */
async function drive({ check, origin, signIn, browser, ares }) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PAGE_MS);
  const page = await context.newPage();
  const before = ares.charges.length;
  const book = () =>
    ares.charges.slice(before).map(({ userId, usage, credits }) => `${userId} ${usage} ${credits}`);
  const text = () => page.locator("body").innerText();
  const shows = (/** @type {string} */ words) =>
    page
      .getByText(words)
      .first()
      .waitFor()
      .then(
        () => true,
        () => false,
      );
  const press = (/** @type {RegExp} */ name) => page.getByRole("button", { name }).first().click();

  await page.goto(`${signIn}?redirect_url=${origin}/before`);
  await page.getByRole("button", { name: "Test" }).dblclick();
  await page.locator("li").nth(1).waitFor();
  const answers = await page.locator("li").allInnerTexts();
  check(
    "after step 2 the guide's button is answered twice for two clicks",
    answers.every((answer) => answer.startsWith("200 ")),
    answers,
  );
  check("and charged once", book().join() === "bob test-button 1", book());

  await page.goto(`${origin}/gate`);
  await press(/^Unlock Test/);
  check("the gate of step 4 opens", await shows("The feature."), await text());
  await page.goto(`${origin}/button`);
  await press(/^Use it for 1 credit/);
  check("so does the button of step 4", await shows("The feature."), await text());
  await page.goto(`${origin}/endpoint`);
  await press(/^Ask for 1 credit/);
  check("and the endpoint of step 5 answers", await shows("The answer came."), await text());
  check("each for one deduction", book().length === 4, book());
  await context.close();
}
