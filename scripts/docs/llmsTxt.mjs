import { firstSentenceOf, groupsOf, titleOf } from "./pages.mjs";

/**
 * The index of all pages by llmstxt.org: what a page is about, as README says it or its first sentence does. Links lead to the Markdown.
 *
 * @param {import("./pages.mjs").Tree} pages
 */
export function llmsTxt(pages) {
  const readme = pages.get("README.md") ?? "";
  const groups = groupsOf(pages);
  const work = groups.pop();
  const summary = /^\*\*(.*)\*\*$/m.exec(readme)?.[1] ?? "";
  return [
    `# ${titleOf(readme)}`,
    `> ${summary}`,
    "The links lead to Markdown. Notes for whoever writes the code of an app stand in [AGENTS.md](AGENTS.md).",
    ...groups.map(({ title, pages: inGroup }) => section(title, inGroup, pages)),
    [
      "## Reference of the types and of the wire",
      "",
      "- [Doors](reference/index.md): every public name, by the door that it is imported from",
      "- [The endpoint over HTTP](reference/http.md): its methods, parameters and statuses",
      "- [OpenAPI 3.1](openapi.json): the endpoint, its answers and its codes",
    ].join("\n"),
    // By the format, what may be skipped.
    section("Optional", work?.pages ?? [], pages),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

/**
 * @param {string} title
 * @param {import("./pages.mjs").Page[]} inGroup
 * @param {import("./pages.mjs").Tree} pages
 */
function section(title, inGroup, pages) {
  const lines = inGroup.map((page) => {
    const about = page.about || firstSentenceOf(pages.get(page.file) ?? "");
    return `- [${page.title}](${page.file})${about ? `: ${about}` : ""}`;
  });
  return [`## ${title}`, "", ...lines].join("\n");
}
