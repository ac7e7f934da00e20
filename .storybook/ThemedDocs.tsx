import { DocsContainer, type DocsContainerProps } from "@storybook/addon-docs/blocks";
import { type PropsWithChildren, useInsertionEffect, useSyncExternalStore } from "react";
import { themes } from "storybook/theming";

/** Docs pages take the theme of their stories. Otherwise their text could not be read in the dark theme. */
export function ThemedDocs(props: PropsWithChildren<DocsContainerProps>) {
  useInsertionEffect(focusInPlace);
  const dark = useSyncExternalStore(
    subscribe,
    () => document.documentElement.dataset.theme === "dark",
  );
  return <DocsContainer {...props} theme={dark ? themes.dark : themes.light} />;
}

/** A docs page plays its stories. A story that takes the focus must not scroll the page away from its reader. */
function focusInPlace(): () => void {
  const { focus } = HTMLElement.prototype;
  HTMLElement.prototype.focus = function (options) {
    focus.call(this, { preventScroll: true, ...options });
  };
  return () => {
    HTMLElement.prototype.focus = focus;
  };
}

function subscribe(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
