import { act, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { AresProvider, type AresProviderProps } from "../../src/react";
import { createTestServer, guideRoute, type TestServerOptions } from "../../src/testing";
import { fetchFrom } from "../../src/testing/server/createTestServer";
import { PATIENCE_MS } from "../setup/patience";

const realImmediate = setImmediate;
const realNow = performance.now.bind(performance);
let underway = 0;

/**
 * Lets faked time pass in small steps, each after the server's work. A real server hashes and streams outside of the
 * faked clock. Time that ran ahead would look like a network that never answers.
 */
export function pass(ms: number): Promise<void> {
  const settle = async () => {
    const end = realNow() + PATIENCE_MS;
    for (let quiet = 0; quiet < 5; quiet = underway ? 0 : quiet + 1) {
      if (realNow() > end)
        throw new Error("A request of this test, or of one before it, never ends.");
      await new Promise((next) => realImmediate(next));
    }
  };
  return act(async () => {
    for (let left = ms; left > 0; left -= 250) {
      await settle();
      await vi.advanceTimersByTimeAsync(Math.min(left, 250));
    }
    await settle();
  });
}

/** The page's requests to its own endpoint. A test can hold, lose or delay their answers. */
export function wireOf(send: typeof fetch) {
  const log: { method: string; url: string; key: string | null; body: unknown }[] = [];
  let meddle:
    | ((
        request: { method: string; url: string },
        forward: () => Promise<Response>,
      ) => Promise<Response>)
    | undefined;
  const wire: typeof fetch = (input, init) => {
    const method = init?.method ?? "GET";
    const url = String(input);
    const key = new Headers(init?.headers).get("Idempotency-Key");
    log.push({
      method,
      url,
      key,
      body: typeof init?.body === "string" ? JSON.parse(init.body) : undefined,
    });
    const forward = () => {
      underway += 1;
      return send(input, init).finally(() => {
        underway -= 1;
      });
    };
    return meddle ? meddle({ method, url }, forward) : forward();
  };
  return {
    fetch: wire,
    log,
    posts: () => log.filter(({ method }) => method === "POST"),
    reads: () => log.filter(({ method }) => method === "GET"),
    /** From now on, all requests go through `meddler`. */
    meddle(meddler: typeof meddle) {
      meddle = meddler;
    },
    /** The next POST's answer is lost, before or after the server's work. */
    losePost(when: "before" | "after") {
      meddle = async ({ method }, forward) => {
        if (method !== "POST") return forward();
        meddle = undefined;
        if (when === "after") await forward();
        throw new TypeError("Failed to fetch");
      };
    },
    /** The next POST waits until a test releases it. */
    holdPost() {
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      meddle = async ({ method }, forward) => {
        if (method === "POST") await held;
        return forward();
      };
      return release;
    },
  };
}

/** The words of the page's gates, spoken or not. */
export const words = () =>
  [...document.querySelectorAll('[data-ares-part="status"], [data-ares-part="alert"]')]
    .map(({ textContent }) => textContent)
    .join("")
    .trim();

/** Starts over after an unknown charge, and says yes to the question. */
export function startOver(): void {
  fireEvent.click(screen.getByRole("button", { name: "Start over" }));
  const question = screen.getByRole("alertdialog", { name: /^Start over\? / });
  fireEvent.click(within(question).getByRole("button", { name: "Start over" }));
}

/** One page of an app, in front of the kit's real server and a simulator. */
export function openPage(
  ui: ReactNode,
  { guide = false, ...options }: TestServerOptions & { guide?: boolean } & Page = {},
) {
  const { provider, wrapper: Wrapper = Plain, ...world } = options;
  const server = createTestServer(world);
  const send = guide ? fetchFrom(guideRoute({ simulator: server.simulator })) : server.fetch;
  const wire = wireOf(send);
  const user = userEvent.setup();
  const userKey = `user ${crypto.randomUUID()}`;
  const wrap = (children: ReactNode, more: Partial<AresProviderProps> = {}) => (
    <Wrapper>
      <AresProvider
        endpoint="/api/ares"
        userKey={userKey}
        fetch={wire.fetch}
        {...(guide ? { clientId: "guide-app" } : {})}
        {...provider}
        {...more}
      >
        {children}
      </AresProvider>
    </Wrapper>
  );
  const view = render(wrap(ui));
  return {
    ...view,
    user,
    wire,
    simulator: server.simulator,
    /** The operator's actions. */
    charges: server.server.charges,
    show: (next: ReactNode, more?: Partial<AresProviderProps>) => view.rerender(wrap(next, more)),
    /** A new page of the same browser: storage stays, memory is lost. */
    reload(next: ReactNode = ui) {
      view.unmount();
      return render(wrap(next));
    },
  };
}

interface Page {
  provider?: Partial<AresProviderProps>;
  wrapper?: (props: { children: ReactNode }) => ReactNode;
}

function Plain({ children }: { children: ReactNode }) {
  return children;
}
