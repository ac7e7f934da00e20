import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { world } from "./world";

/** The function of docs/first-paint, as a reader copies it. */
async function functionOfDocs(): Promise<(snapshot: unknown) => string> {
  const page = readFileSync("docs/first-paint.md", "utf8");
  const [, snippet = ""] =
    /^```ts\n(\/\/ server\/snapshotScript\.ts\n[\s\S]*?)^```/m.exec(page) ?? [];
  const code = ts.transpile(snippet, {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
  });
  const { snapshotScript } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
  );
  return snapshotScript;
}

const hostile = [
  "</script><script>document.title = 'taken'</script>",
  "<!--<script>",
  "<img src=x onerror=alert(1)>",
  "&lt;/script&gt;",
  "\u2028\u2029",
  "\\u003c\"'`$&",
];

/** A page as a browser reads it: its scripts, and the text of the snapshot's. */
function readPage(script: string) {
  const page = new DOMParser().parseFromString(
    `<!doctype html><body>${script}<p>The page</p></body>`,
    "text/html",
  );
  return {
    scripts: page.scripts.length,
    others: page.body.querySelectorAll("img, p").length,
    json: page.scripts[0]?.textContent ?? "",
  };
}

describe("a snapshot in the HTML of any server, as docs/first-paint writes it", () => {
  it.each(hostile)("holds an id of the address and no more of the page: %j", async (resource) => {
    const { server, post } = world();
    await post({ usage: "report", resource });
    const charges = [{ usage: "report", resource }] as const;
    const snapshot = await server.snapshot(new Request("https://app.example/reports"), { charges });

    const script = (await functionOfDocs())(snapshot);
    const { scripts, others, json } = readPage(script);
    expect([scripts, others]).toEqual([1, 1]);
    expect(JSON.parse(json)).toEqual(snapshot);
  });

  it("needs the escape: without it a link runs its own script in the page", () => {
    const plain = `<script type="application/json">${JSON.stringify({ resource: hostile[0] })}</script>`;

    expect(readPage(plain).scripts).toBe(2);
  });
});
