import { defineConfig } from "vitepress";
import { groupsOf, root, tree } from "../pages.mjs";
import { doors, pageOf } from "../reference.mjs";

const groups = groupsOf(tree(root));
const hasStorybook = process.env.DOCS_STORYBOOK === "1";

/** @param {string} file */
const addressOf = (file) => (file === "README.md" ? "/" : `/${file.replace(/\.md$/, "")}`);

/** @param {import("../pages.mjs").Page[]} pages a page below another one folds into it */
function itemsOf(pages) {
  const items = [];
  for (const { file, title, below } of pages) {
    const item = { text: title, link: addressOf(file) };
    const parent = items.at(-1);
    if (!below || !parent) items.push(item);
    else Object.assign(parent, { collapsed: true, items: [...(parent.items ?? []), item] });
  }
  return items;
}

const reference = [
  ...Object.entries(doors).map(([file, door]) => ({
    text: door,
    link: `/reference/${pageOf(file)}`,
  })),
  { text: "The endpoint over HTTP", link: "/reference/http" },
];

/** GitHub's name of a heading: the pages' links are written for it. */
function slugify(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}

/**
 * Vue would read `{{ }}` in code as its own.
 *
 * @param {import("vitepress").MarkdownRenderer} md
 */
function keepCode({ renderer: { rules } }) {
  const render = rules.code_inline;
  rules.code_inline = (tokens, index, ...rest) => {
    tokens[index]?.attrSet("v-pre", "");
    return render?.(tokens, index, ...rest) ?? "";
  };
}

export default defineConfig({
  srcDir: `${root}/.cache/docs`,
  outDir: `${root}/docs-site`,
  cacheDir: `${root}/.cache/vitepress`,
  title: "ares-react",
  description: "React components, hooks and a server route that charge ARES credits for one use.",
  markdown: { anchor: { slugify }, config: keepCode },
  vite: { build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    nav: [
      { text: "Guide", link: "/", activeMatch: "^/(index\\.html)?$|^/docs/" },
      { text: "Reference", link: "/reference/", activeMatch: "^/reference/" },
      // A site of its own, so the router must not take the link.
      ...(hasStorybook
        ? [{ text: "Storybook", link: "/storybook/index.html", target: "_self" }]
        : []),
    ],
    sidebar: {
      "/reference/": [{ text: "Reference", link: "/reference/", items: reference }],
      "/": groups.map(({ title, pages }, index) => ({
        text: title,
        collapsed: index === groups.length - 1 ? true : undefined,
        items: itemsOf(pages),
      })),
    },
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: {
        miniSearch: {
          searchOptions: {
            // A page that explains a word stands above a signature that names it.
            boostDocument: (id) => (id.includes("/reference/") ? 0.3 : 1),
          },
        },
      },
    },
  },
});
