import type { WorldSettings } from "./createWorld";

declare module "@storybook/react-vite" {
  interface Parameters {
    ares?: WorldSettings | false;
    /** Why the canvas is rightly empty. */
    caption?: string;
  }
}
