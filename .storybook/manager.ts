import { addons } from "storybook/manager-api";
import { create } from "storybook/theming";
import { version } from "../package.json";

/** The sidebar's head: this package's name and version, and the way back to the first page. */
const brand = { brandTitle: `ares-react ${version}`, brandUrl: "./?path=/docs/introduction--docs", brandTarget: "_self" };
const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;

addons.setConfig({ theme: create({ base: dark ? "dark" : "light", ...brand }) });
