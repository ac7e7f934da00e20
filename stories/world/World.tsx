import { AresProvider } from "ares-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { createWorld, type World as OpenWorld, type WorldSettings } from "./createWorld";
import { StoryLocale } from "./labels";
import { messagesOf } from "./messagesOf";
import type { LocaleName } from "./view";
import { storyFetch } from "./worker";

export interface WorldProps {
  settings: WorldSettings;
  locale: LocaleName;
  children?: ReactNode;
}

/** Shows a story in its own world, with real hooks and real fetch. */
export function World({ settings, locale, children }: WorldProps) {
  const [world] = useState(() => createWorld(settings));
  const root = useRef<HTMLDivElement>(null);
  usePresses(root, settings.presses ?? []);
  useOffline(world.network === "offline");

  const tabs = Array.from({ length: settings.tabs ?? 1 }, (_, tab) => tab);
  const signIn = () => become(world, "connected");
  const connect = settings.connectFails ? fail : signIn;
  return (
    <div ref={root} data-world={world.id}>
      {tabs.map((tab) => (
        <Frame key={tab} name={tabs.length > 1 ? `Tab ${tab + 1}` : undefined}>
          <AresProvider
            endpoint={world.endpoint}
            userKey={world.id}
            clientId={settings.guide ? "story-app" : undefined}
            {...(settings.handlers === false ? {} : { signIn, connect, reconnect: connect })}
            onConnectError={heard}
            refresh={settings.refresh}
            locale={locale}
            messages={messagesOf(locale)}
            fetch={storyFetch}
          >
            <StoryLocale value={locale}>{children}</StoryLocale>
          </AresProvider>
        </Frame>
      ))}
    </div>
  );
}

/** With several tabs on one page, each tab has its name. */
function Frame({ name, children }: { name: string | undefined; children: ReactNode }) {
  if (!name) return children;
  return (
    <section className="tab-frame" aria-label={name}>
      <h3>{name}</h3>
      {children}
    </section>
  );
}

async function fail(): Promise<void> {
  throw new Error("There is no way to ARES.");
}

/** The gate tells the user. An app would log the error. */
function heard(): void {}

/** Sign-in and connecting lead back to the same page, shown again. */
function become(world: OpenWorld, account: OpenWorld["account"]): void {
  world.account = account;
  window.dispatchEvent(new Event("visibilitychange"));
}

/** Presses the named parts as soon as they appear. So every state can be seen without a script. */
function usePresses(root: { current: HTMLElement | null }, presses: readonly string[]): void {
  const done = useRef(0);
  const names = presses.join(" ");
  useEffect(() => {
    const element = root.current;
    if (!element || !names) return;
    const press = () => {
      const name = names.split(" ")[done.current];
      const part =
        name &&
        element.querySelector<HTMLElement>(
          `[data-ares-part="${name}"]:not([aria-disabled="true"])`,
        );
      if (!part) return;
      done.current += 1;
      part.click();
    };
    const observer = new MutationObserver(press);
    observer.observe(element, { subtree: true, childList: true, attributes: true });
    press();
    return () => observer.disconnect();
  }, [root, names]);
}

/** Makes the browser say that it is offline. */
function useOffline(offline: boolean): void {
  useEffect(() => {
    if (!offline) return;
    Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
    window.dispatchEvent(new Event("offline"));
    return () => {
      Reflect.deleteProperty(navigator, "onLine");
      window.dispatchEvent(new Event("online"));
    };
  }, [offline]);
}
