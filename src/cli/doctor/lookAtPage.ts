import type { Ask } from "./ask";
import { type Finding, found } from "./findings";

/** The formula of each colour in the sheet. A build that loses the formula leaves parts without colours. */
const FORMULA = /rgb\(\s*from canvas|from canvas/i;
const SHEET = "data-ares-part";
/** Lightning CSS writes an app's own light-dark() so. On :root both variables are missing. */
const REWRITTEN = /--ares-[a-z-]+:[^;}]*var\(--(lightningcss|csstools)-/;
const OWNER = /\\?"owner\\?":\s*\\?"[\w-]{22}/;

/** Reads a page of the app: its colours, and whether a cache may keep what belongs to one user. */
export async function lookAtPage(ask: Ask, url: string): Promise<Finding[]> {
  const page = await ask(url, { headers: { Accept: "text/html" } });
  if (!/^text\/html/.test(page.headers.get("Content-Type") ?? "") || page.status !== 200) {
    return [
      found(
        "colours",
        "skipped",
        `${url} is no page (${page.status}). Pass the address of a page with a gate.`,
      ),
    ];
  }
  const shared = /public|s-maxage/.test(page.headers.get("Cache-Control") ?? "");
  const leak = OWNER.test(page.text) && shared;
  const findings = leak
    ? [
        found(
          "cache",
          "error",
          `${url} holds one user's snapshot, and a cache may keep the page. Render it per request.`,
        ),
      ]
    : [];
  return [...findings, await lookAtColours(ask, url, page.text)];
}

async function lookAtColours(ask: Ask, url: string, html: string): Promise<Finding> {
  const links = [...html.matchAll(/<link\b[^>]*>/gi)].filter(([tag]) =>
    /rel=["']?stylesheet/i.test(tag),
  );
  const hrefs = links.flatMap(([tag]) => /href=["']?([^"'\s>]+)/i.exec(tag)?.[1] ?? []);
  const files = hrefs
    .filter((href) => URL.canParse(href, url))
    .map((href) => new URL(href.replaceAll("&amp;", "&"), url).href);
  const sheets = await Promise.all(
    files.map((file) =>
      ask(file).then(
        ({ text }) => text,
        () => "",
      ),
    ),
  );
  const inline = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/gi)].map(
    ([, text = ""]) => text,
  );
  const all = [...sheets, ...inline];
  const ours = all.filter((text) => text.includes(SHEET));
  if (ours.length === 0 && html.includes("/@vite/client")) {
    return found(
      "colours",
      "skipped",
      "a development page of Vite loads its sheets by script. Pass the address of the built app.",
    );
  }
  if (ours.length === 0) {
    const message = `${url} loads no sheet of ares-react. Import "ares-react/styles.css" once, or leave this page out.`;
    return found("colours", "warning", message);
  }
  if (!ours.some((text) => FORMULA.test(text))) {
    return found(
      "colours",
      "error",
      "the build lost the sheet's colours. Import the sheet of the package itself, and leave light-dark() to the browser.",
    );
  }
  if (all.some((text) => REWRITTEN.test(text))) {
    return found(
      "colours",
      "error",
      "the build rewrote light-dark() in an own --ares-… colour. Set the dark value beside color-scheme: dark.",
    );
  }
  return found("colours", "ok", "the sheet's colours are in the build");
}
