import { DocsContainer, type DocsContainerProps } from "@storybook/addon-docs/blocks";
import { type PropsWithChildren, useSyncExternalStore } from "react";
import { themes } from "storybook/theming";

/** Docs pages are as dark as the stories on them, so that their own text can be read. */
export function ThemedDocs(props: PropsWithChildren<DocsContainerProps>) {
  const dark = useSyncExternalStore(subscribe, () => document.documentElement.dataset.theme === "dark");
  return <DocsContainer {...props} theme={dark ? themes.dark : themes.light} />;
}

function subscribe(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
