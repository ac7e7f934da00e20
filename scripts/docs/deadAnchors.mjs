import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The links of a built site's own pages to files or headings that the site lacks. VitePress checks pages, but no headings.
 * Storybook is left alone: its pages are made in the browser.
 *
 * @param {string} site
 * @param {string} base
 */
export function deadAnchors(site, base) {
  const files = new Set(
    readdirSync(site, { recursive: true, encoding: "utf8" }).map((file) =>
      file.replaceAll(path.sep, "/"),
    ),
  );
  const pages = [...files].filter(
    (file) => file.endsWith(".html") && !file.startsWith("storybook/"),
  );
  const html = new Map(pages.map((file) => [file, readFileSync(path.join(site, file), "utf8")]));
  const ids = new Map(
    [...html].map(([file, text]) => [
      file,
      new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)),
    ]),
  );

  return [...html].flatMap(([file, text]) =>
    [...text.matchAll(/<a\s[^>]*href="([^"]+)"/g)]
      .map(([, href = ""]) => href.replaceAll("&amp;", "&"))
      .filter((href) => !/^(https?|mailto|data):/.test(href) && !leadsSomewhere(file, href))
      .map((href) => `${file}: ${href}`),
  );

  /** @param {string} file @param {string} href */
  function leadsSomewhere(file, href) {
    const { pathname, hash } = new URL(href, `http://site${base}${file}`);
    if (!pathname.startsWith(base)) return false;
    const named = decodeURIComponent(pathname.slice(base.length));
    const target = named === "" || named.endsWith("/") ? `${named}index.html` : named;
    if (!files.has(target)) return false;
    const id = decodeURIComponent(hash.slice(1));
    return id === "" || !ids.has(target) || (ids.get(target)?.has(id) ?? false);
  }
}
