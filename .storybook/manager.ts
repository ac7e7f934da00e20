import { createElement } from "react";
import { addons, types } from "storybook/manager-api";
import { create } from "storybook/theming";
import { version } from "../package.json";

/** The sidebar's head: this package's name and version, and the way back to the first page. */
const brand = {
  brandTitle: `ares-react ${version}`,
  brandUrl: "./?path=/docs/introduction--docs",
  brandTarget: "_self",
};
const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;

addons.setConfig({ theme: create({ base: dark ? "dark" : "light", ...brand }) });

/** The pages that a designer comes back to, by their addresses. The panel beside a story's controls links to them. */
const guides = {
  "docs/introduction--docs": "A gate in four pictures",
  "story/overview-state-map--state-map": "All states at once",
  "docs/components-aresgate--docs": "When to use a gate, its parts and its words",
  "docs/foundations--docs": "Tokens, contrast, and recipes for your own looks",
};

addons.register("ares-react", () => {
  addons.add("ares-react/guides", {
    type: types.PANEL,
    title: "Guides",
    render: ({ active }) =>
      active ? createElement("ul", { key: "guides", style: { lineHeight: 2 } }, ...items) : null,
  });
});

const items = Object.entries(guides).map(([path, title]) =>
  createElement(
    "li",
    { key: path },
    createElement("a", { href: `./?path=/${path}`, style: { color: "inherit" } }, title),
  ),
);
