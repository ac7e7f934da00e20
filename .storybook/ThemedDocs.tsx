import { DocsContainer, type DocsContainerProps } from "@storybook/addon-docs/blocks";
import { type PropsWithChildren, useSyncExternalStore } from "react";
import { themes } from "storybook/theming";

/** Docs pages take the theme of their stories. Otherwise their text could not be read in the dark theme. */
export function ThemedDocs(props: PropsWithChildren<DocsContainerProps>) {
  const dark = useSyncExternalStore(subscribe, () => document.documentElement.dataset.theme === "dark");
  return <DocsContainer {...props} theme={dark ? themes.dark : themes.light} />;
}

function subscribe(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
