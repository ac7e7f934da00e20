import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createAresServer, definePrices } from "../../src/server";
import { pretend } from "../../src/testing";
import { snippetsOf } from "./snippets";
import { root } from "./sourceFiles";

const read = (path: string) => readFileSync(`${root}${path}`, "utf8");

/** `npm run test:examples` drives these files in Next. */
test.each(["app/export/actions.ts", "app/export/page.tsx"])(
  "docs/paid-endpoints shows %s as the example app runs it",
  (file) => {
    const shown = snippetsOf(read("docs/paid-endpoints.md")).find((each) => each.file === file);

    expect(shown?.code).toBe(`// ${file}\n${read(`examples/next-app/${file}`)}`);
  },
);

test("docs/frameworks shows lines for a browser's console that charge once", async () => {
  const [, pasted] =
    /console of that browser tab:\n\n```js\n([\s\S]*?)```/.exec(read("docs/frameworks.md")) ?? [];
  const ares = createAresServer({ ...pretend(), prices: definePrices({ "export-pdf": 1 }) });
  const origin = "http://localhost:3000";
  const fetch = (path: string, { headers, ...init }: RequestInit) =>
    ares.handler(new Request(origin + path, { ...init, headers: { ...headers, origin } }));
  // A new ledger refuses keys of its first moments.
  const later = { now: () => Date.now() + 5000 };
  const logged: [string, { charge: { id: string } }][] = [];
  const log = (...values: typeof logged) => logged.push(...values);

  await new Function("fetch", "Date", "console", `return (async () => { ${pasted} })()`)(
    fetch,
    later,
    { log },
  );

  const [first, second] = logged;
  expect([first?.[0], second?.[0]]).toEqual(["false", "true"]);
  expect(second?.[1].charge.id).toBe(first?.[1].charge.id);
  const user = await (await ares.handler(new Request(`${origin}/api/ares`))).json();
  expect(user.user.credits).toBe(697);
});

test("docs/migrate shows the guide's button, which the new route charges once for two clicks, and only at the server's price", async () => {
  const [, pasted = ""] =
    /in the guide's words:\n\n```js\n([\s\S]*?)```/.exec(read("docs/migrate.md")) ?? [];
  const prices = definePrices({ "test-button": 1 });
  const ares = createAresServer({ ...pretend(), clientId: "1234", prices });
  const origin = "http://localhost:3000";
  const balance = async () =>
    (await (await ares.handler(new Request(`${origin}/api/ares`))).json()).user.credits;
  const answers: { status: number; message?: string }[] = [];
  const fetch = async (path: string, { headers, ...init }: RequestInit) => {
    const request = new Request(origin + path, { ...init, headers: { ...headers, origin } });
    const response = await ares.handler(request);
    answers.push({ ...(await response.json()), status: response.status });
  };
  const press = (code: string) =>
    new Function("fetch", `return (async () => { ${code} })()`)(fetch);

  const before = await balance();

  await press(pasted.replace("credits: 1", "credits: 0.01"));
  await Promise.all([press(pasted), press(pasted)]);

  expect(answers).toMatchObject([
    { status: 409 },
    { status: 200, message: "Success" },
    { status: 200, message: "Success" },
  ]);
  expect(before - (await balance())).toBe(1);
});
