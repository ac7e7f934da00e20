import type { Preview } from "@storybook/react-vite";
import { networks } from "../stories/world/network";
import { localeNames } from "../stories/world/view";

const items = (titles: Readonly<Record<string, string>>) => Object.entries(titles).map(([value, title]) => ({ value, title }));
const asWritten = { story: "As the story says" };

/** The settings that a designer changes without code. `story` keeps the story's own setting. */
export const toolbar = {
  initialGlobals: {
    theme: "light",
    locale: "en",
    motion: "full",
    density: "regular",
    strict: "on",
    account: "story",
    balance: "story",
    network: "story",
  },
  globalTypes: {
    theme: {
      description: "Theme",
      toolbar: { icon: "contrast", dynamicTitle: true, items: items({ light: "Light", dark: "Dark", both: "Side by side" }) },
    },
    locale: {
      description: "Language, and with it the direction",
      toolbar: { icon: "globe", dynamicTitle: true, items: items(localeNames) },
    },
    density: {
      description: "Density",
      toolbar: { icon: "component", dynamicTitle: true, items: items({ regular: "Regular", compact: "Compact" }) },
    },
    motion: {
      description: "Motion",
      toolbar: { icon: "play", dynamicTitle: true, items: items({ full: "Motion", reduced: "No motion" }) },
    },
    strict: {
      description: "React's StrictMode",
      toolbar: { icon: "shield", dynamicTitle: true, items: items({ on: "Strict", off: "Not strict" }) },
    },
    account: {
      description: "Account",
      toolbar: {
        icon: "user",
        dynamicTitle: true,
        items: items({
          ...asWritten,
          signed_out: "Signed out",
          not_connected: "ARES not connected",
          connected: "Connected",
          reconnect: "Connection ended",
        }),
      },
    },
    balance: {
      description: "Balance",
      toolbar: {
        icon: "credit",
        dynamicTitle: true,
        items: items({
          ...asWritten,
          "0": "0 credits",
          "0.01": "0.01 credits",
          "3": "3 credits",
          "698": "698 credits",
          "1000000000": "1,000,000,000 credits",
        }),
      },
    },
    network: { description: "Network", toolbar: { icon: "transfer", dynamicTitle: true, items: items({ ...asWritten, ...networks }) } },
  },
} satisfies Pick<Preview, "globalTypes" | "initialGlobals">;
