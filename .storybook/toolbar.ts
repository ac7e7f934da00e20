import type { Preview } from "@storybook/react-vite";
import { networks } from "../stories/world/network";
import { localeNames } from "../stories/world/view";

/** A chip of the toolbar shows the title of its setting. So each title says which setting that is. */
function chip(name: string, icon: Icon, titles: Readonly<Record<string, string>>) {
  const items = Object.entries(titles).map(([value, title]) => ({
    value,
    title: `${name}: ${title}`,
  }));
  return { description: name, toolbar: { icon, dynamicTitle: true, items } };
}

type Icon =
  | "user"
  | "credit"
  | "transfer"
  | "contrast"
  | "paintbrush"
  | "globe"
  | "sync"
  | "zoom"
  | "grow"
  | "component"
  | "play"
  | "shield";

const asWritten = { story: "as the story says" };

/** The settings that a designer changes without code. `story` keeps the story's own setting. */
export const toolbar = {
  initialGlobals: {
    theme: "light",
    framework: "none",
    contrast: "own",
    locale: "en",
    direction: "language",
    text: "100",
    width: "full",
    motion: "full",
    size: "story",
    strict: "on",
    account: "story",
    balance: "story",
    network: "story",
  },
  globalTypes: {
    account: chip("Account", "user", {
      ...asWritten,
      signed_out: "signed out",
      not_connected: "ARES not connected",
      connected: "connected",
      reconnect: "connection ended",
    }),
    balance: chip("Balance", "credit", {
      ...asWritten,
      "0": "0 credits",
      "0.01": "0.01 credits",
      "3": "3 credits",
      "698": "698 credits",
      "1000000000": "1,000,000,000 credits",
    }),
    network: chip("Network", "transfer", { ...asWritten, ...networks }),
    theme: chip("Theme", "contrast", { light: "light", dark: "dark", both: "side by side" }),
    framework: chip("Framework", "paintbrush", {
      none: "none, plain CSS",
      tailwind: "Tailwind 4",
      bootstrap: "Bootstrap 5",
    }),
    contrast: chip("Colours", "paintbrush", {
      own: "the kit's",
      forced: "forced, as in a high contrast mode",
    }),
    locale: chip("Language", "globe", localeNames),
    direction: chip("Direction", "sync", {
      language: "of the language",
      ltr: "left to right",
      rtl: "right to left",
    }),
    text: chip("Text", "zoom", { "100": "100 %", "150": "150 %", "200": "200 %" }),
    width: chip("Width", "grow", {
      full: "full",
      "320": "320 px",
      "480": "480 px",
      "720": "720 px",
    }),
    size: chip("Size", "component", { ...asWritten, small: "small" }),
    motion: chip("Motion", "play", { full: "full", reduced: "none" }),
    strict: chip("StrictMode", "shield", { on: "on", off: "off" }),
  },
} satisfies Pick<Preview, "globalTypes" | "initialGlobals">;
