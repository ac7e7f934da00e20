import type { Decorator } from "@storybook/react-vite";
import { type ReactNode, StrictMode, useInsertionEffect } from "react";
import { directionOf, useView, type View } from "../stories/world/view";
import { World } from "../stories/world/World";
import { isLocale } from "../stories/world/words";
import { settingsOf } from "./settingsOf";

/** Shows a story in its own world, in the view of the toolbar. A story with its own worlds sets `parameters.ares` to false. */
export const inWorld: Decorator = (Story, { globals, parameters, id }) => {
  const settings = parameters.ares === false ? undefined : settingsOf(parameters.ares ?? {}, globals);
  const locale = isLocale(globals.locale) ? globals.locale : "en";
  const both = globals.theme === "both";

  const shown = (name: string) => (
    <Viewed view={{ theme: globals.theme === "dark" ? "dark" : "light", locale }} name={both ? undefined : "page"}>
      {(view) =>
        settings ? (
          // Other settings make another world; another view does not.
          <World key={JSON.stringify([id, settings])} settings={settings} locale={view.locale}>
            <Story />
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
  const compact = globals.density === "compact" ? { "--ares-space": "0.2rem" } : {};
  const still = globals.motion === "reduced" ? { "--ares-duration": "0s" } : {};
  const styled = <div style={{ ...compact, ...still }}>{story}</div>;
  return globals.strict === "off" ? styled : <StrictMode>{styled}</StrictMode>;
};

/** Sets theme, language and direction on the page itself, as an app does. */
function Viewed({ view, name, children }: { view: View; name: string | undefined; children: (view: View) => ReactNode }) {
  const { theme, locale } = useView(view);
  useInsertionEffect(() => {
    const { documentElement: page } = document;
    if (name) page.dataset.theme = theme;
    else delete page.dataset.theme;
    page.lang = locale;
    page.dir = directionOf(locale);
  });
  return children({ theme, locale });
}
