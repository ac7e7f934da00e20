import type { Decorator } from "@storybook/react-vite";
import { type ReactNode, StrictMode, useEffect, useInsertionEffect } from "react";
import { labelIn } from "../stories/world/labels";
import { directionOf, type LocaleName, useView, type View } from "../stories/world/view";
import { World } from "../stories/world/World";
import { isLocale } from "../stories/world/words";
import { forceColours } from "./forcedColours";
import { settingsOf } from "./settingsOf";

/** Shows a story in its own world, in the view of the toolbar. A story with its own worlds sets `parameters.ares` to false. */
export const inWorld: Decorator = (Story, { args, argTypes, globals, parameters, id }) => {
  const settings =
    parameters.ares === false ? undefined : settingsOf(parameters.ares ?? {}, globals);
  const locale = isLocale(globals.locale) ? globals.locale : "en";
  const both = globals.theme === "both";
  const size = globals.size === "small" && "size" in argTypes ? { size: "small" } : {};

  const shown = (name: string) => (
    <Viewed
      view={{ theme: globals.theme === "dark" ? "dark" : "light", locale }}
      direction={globals.direction}
      name={both ? undefined : "page"}
    >
      {(view) =>
        settings ? (
          // Other settings make another world; another view does not.
          <World key={JSON.stringify([id, settings])} settings={settings} locale={view.locale}>
            <Story args={{ ...named(args, view.locale), ...size }} />
          </World>
        ) : (
          <Story key={name} />
        )
      }
    </Viewed>
  );
  const story = both ? (
    <div className="story-pair">
      {(["light", "dark"] as const).map((theme) => (
        <div key={theme} className="story" data-theme={theme}>
          {shown(theme)}
        </div>
      ))}
    </div>
  ) : (
    shown("one")
  );
  const still = globals.motion === "reduced" ? { "--ares-duration": "0s" } : {};
  const narrow = /^\d+$/.test(globals.width) ? { maxInlineSize: `${globals.width}px` } : {};
  const styled = (
    <Sized text={globals.text} forced={globals.contrast === "forced"}>
      <div className="story-canvas" style={{ ...still, ...narrow }}>
        {story}
        {parameters.caption && <p className="caption">{parameters.caption}</p>}
      </div>
    </Sized>
  );
  return globals.strict === "off" ? styled : <StrictMode>{styled}</StrictMode>;
};

/** A story's arguments, with its features named in the page's language. */
function named({ label, labels, ...args }: Record<string, unknown>, locale: LocaleName) {
  const inLocale = (text: unknown) => labelIn(locale, String(text));
  return {
    ...args,
    ...(typeof label === "string" ? { label: inLocale(label) } : {}),
    ...(labels instanceof Object
      ? {
          labels: Object.fromEntries(
            Object.entries(labels).map(([usage, text]) => [usage, inLocale(text)]),
          ),
        }
      : {}),
  };
}

/** Sets the page's text size and colours, as a browser's and a system's settings do. */
function Sized({
  text,
  forced,
  children,
}: {
  text: unknown;
  forced: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.documentElement.style.fontSize = text === "150" || text === "200" ? `${text}%` : "";
  }, [text]);
  useEffect(() => {
    forceColours(forced);
    return () => forceColours(false);
  }, [forced]);
  return children;
}

interface ViewedProps {
  view: View;
  direction: unknown;
  name: string | undefined;
  children: (view: View) => ReactNode;
}

/** Sets theme, language and direction on the page itself, as an app does. */
function Viewed({ view, direction, name, children }: ViewedProps) {
  const { theme, locale } = useView(view);
  useInsertionEffect(() => {
    const { documentElement: page } = document;
    if (name) page.dataset.theme = theme;
    else delete page.dataset.theme;
    page.dataset.bsTheme = theme;
    page.lang = locale;
    page.dir = direction === "ltr" || direction === "rtl" ? direction : directionOf(locale);
  });
  return children({ theme, locale });
}
