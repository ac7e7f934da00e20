import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, vi } from "vitest";
import { AresProvider, useAresAction } from "../../../src/react";
import { memoryLedger } from "../../../src/server";
import {
  createAresSimulator,
  createTestServer,
  type TestServerOptions,
} from "../../../src/testing";
import { fetchFrom } from "../../../src/testing/server/createTestServer";

/** What the network, a gateway or the app makes of one request: `forward` does the server's work. */
export type Meddler = (forward: () => Promise<Response>) => Promise<Response>;

/**
 * An app with an endpoint behind `withCharge` (`image`, 4 credits), and one user whose page calls it. The endpoint answers each
 * piece of work with the number of its run.
 */
export function openApp(options: TestServerOptions = {}) {
  const simulator = options.simulator ?? createAresSimulator();
  const ledger = memoryLedger();
  let signedIn = simulator.users()[0]?.user ?? "";
  const shared = { user: () => signedIn, ...options, simulator };
  const test = createTestServer({ ...shared, server: { ledger, ...options.server } });
  const { server } = test;
  const runs: string[] = [];
  const meddlers: Meddler[] = [];
  let work = async (_request: Request): Promise<Response> => new Response("drawn");
  let charging = server;

  async function endpoint(request: Request): Promise<Response> {
    const route = charging.withCharge({ usage: "image" }, async (asked, { charge }) => {
      runs.push(charge.id);
      return work(asked);
    });
    return route(request);
  }

  /** The page's own fetch to its endpoint. A test strikes the next answers. */
  async function draw(key: string, body?: BodyInit): Promise<Response> {
    const request = new Request("https://app.example/draw", {
      method: "POST",
      headers: { "Idempotency-Key": key, Authorization: "Bearer session" },
      ...(body === undefined ? {} : { body, duplex: "half" }),
    });
    keys.push(key);
    const forward = () => endpoint(request);
    return meddlers.shift()?.(forward) ?? forward();
  }
  const keys: string[] = [];

  const wrapper = ({ children }: { children: ReactNode }) => (
    <AresProvider endpoint="/api/ares" userKey="ada" fetch={fetch}>
      {children}
    </AresProvider>
  );
  let answering = test.handler;
  const fetch = fetchFrom((request) => answering(request));

  return {
    simulator,
    ledger,
    server,
    runs,
    keys,
    draw,
    wrapper,
    /** Meddles with the next calls, oldest first. */
    strike: (...next: Meddler[]) => meddlers.push(...next),
    doWork(next: typeof work) {
      work = next;
    },
    signIn(user: string) {
      signedIn = user;
    },
    /** From now on another server answers: other prices, or another ledger. */
    deploy(
      next: Pick<TestServerOptions, "prices" | "server">,
      parts = { endpoint: true, reads: true },
    ) {
      const other = createTestServer({ ...shared, server: { ledger }, ...next });
      if (parts.endpoint) charging = other.server;
      if (parts.reads) answering = other.handler;
      return other.server;
    },
    deductions: () => simulator.charges.map(({ userId, credits }) => ({ userId, credits })),
    /** Opens the page, as a reload or another tab does. */
    open(of: { name?: string; usage?: string } = {}) {
      return renderHook(
        () =>
          useAresAction({ usage: "image", ...of }, (key: string, body?: string) => draw(key, body)),
        { wrapper },
      );
    },
  };
}

/** Waits until a condition of the page holds, while faked time passes. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries++)
    await act(() => vi.advanceTimersByTimeAsync(250));
  expect(holds()).toBe(true);
}

/** The server does its work, and its answer is lost. */
export const lost: Meddler = async (forward) => {
  await forward();
  throw new TypeError("Failed to fetch");
};
