import {
  ClerkProvider as ClerkProvider5,
  useAuth as useAuth5,
  useClerk as useClerk5,
  useUser as useUser5,
} from "@clerk/clerk-react";
import {
  ClerkProvider as ClerkProvider6,
  useAuth as useAuth6,
  useClerk as useClerk6,
  useUser as useUser6,
} from "@clerk/react";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { AresGate, useAresGate, useAresUser } from "ares-react";
import { AresProviderWithClerk } from "ares-react/clerk";
import { clerkAuth, createAresServer, definePrices, memoryLedger } from "ares-react/server";
import { type AresSimulator, createAresSimulator } from "ares-react/testing";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { type ReactNode, StrictMode } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type ClerkFake, createClerkFake } from "./fake/clerkFake";
import { clerkScriptsAreThere } from "./scripts/install.mjs";
import { loadClerkScripts } from "./scripts/load.mjs";

const origin = window.location.origin;
let clerk: ClerkFake;
let ares: AresSimulator;
let handler: (request: Request) => Promise<Response>;
let outside: string[];

const network = setupServer(
  http.all("*/__clerk/*", ({ request }) => clerk.frontend(request)),
  http.all("http://clerk-backend.test/*", ({ request }) => clerk.backend(request)),
  http.all(`${origin}/api/ares`, ({ request }) => handler(request)),
  http.all("*", ({ request }) => {
    outside.push(request.url);
    return HttpResponse.error();
  }),
);

beforeAll(() => network.listen({ onUnhandledRequest: "error" }));
afterEach(() => stopClerk());
afterAll(async () => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  stopClerk();
  network.close();
});

/** Clerk's script polls for the life of its page, and can't be stopped. Without timers the script rests. */
const timers = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "setInterval")];
function stopClerk(): void {
  for (const { mock } of timers)
    for (const { value } of mock.results.splice(0)) clearTimeout(value);
}

beforeEach(async () => {
  localStorage.clear();
  ares = createAresSimulator({ users: { ann: 698, bob: 12 } });
  clerk = await createClerkFake({
    origin,
    users: [
      { id: "user_ann", ares: ares.tokenOf("ann") },
      { id: "user_bob", ares: ares.tokenOf("bob") },
      { id: "user_new" },
    ],
  });
  ({ handler } = createAresServer({
    clientId: "test-app",
    prices: definePrices({ report: 3 }),
    ledger: memoryLedger(),
    ares: { fetch: ares.fetch },
    auth: clerkAuth({ ...clerk, authorizedParties: [origin], apiUrl: "http://clerk-backend.test" }),
    origins: [origin],
  }));
  outside = [];
});
afterEach(() => expect(outside).toEqual([]));

const installed = clerkScriptsAreThere();
const { Clerk5, Clerk6 } = installed ? await loadClerkScripts() : {};
const proxyUrl = `${origin}/__clerk`;
/** As in an app with a router: a sign-out changes the page without a reload. */
const spa = {
  telemetry: false,
  routerPush: async () => {},
  routerReplace: async () => {},
} as const;

/** Each Clerk package with the browser script that it loads in a real app. */
const packages = [
  {
    name: "@clerk/clerk-react 5",
    useAuth: useAuth5,
    useUser: useUser5,
    useClerk: useClerk5,
    SignedInBy: ({ children }: { children: ReactNode }) => (
      <ClerkProvider5
        publishableKey={clerk.publishableKey}
        proxyUrl={proxyUrl}
        Clerk={Clerk5}
        {...spa}
      >
        {children}
      </ClerkProvider5>
    ),
  },
  {
    name: "@clerk/react 6",
    useAuth: useAuth6,
    useUser: useUser6,
    useClerk: useClerk6,
    SignedInBy: ({ children }: { children: ReactNode }) => (
      <ClerkProvider6
        publishableKey={clerk.publishableKey}
        proxyUrl={proxyUrl}
        Clerk={Clerk6}
        {...spa}
        prefetchUI={false}
      >
        {children}
      </ClerkProvider6>
    ),
  },
];

describe.runIf(installed).each(packages)(
  "with the real $name",
  ({ name, SignedInBy, useAuth, useUser, useClerk }) => {
    const navigated: URL[] = [];
    const failed: string[] = [];
    let cached = true;
    beforeEach(() => {
      navigated.length = 0;
      failed.length = 0;
      cached = true;
    });

    /** Clerk's hook. Its tokens may have expired. */
    function useFreshAuth() {
      const auth = useAuth();
      return { ...auth, getToken: () => auth.getToken({ skipCache: !cached }) };
    }

    function open(page = <Page />) {
      return render(
        <StrictMode>
          <SignedInBy>
            <AresProviderWithClerk
              useAuth={useFreshAuth}
              useUser={useUser}
              endpoint="/api/ares"
              navigate={(url) => navigated.push(url)}
              onConnectError={(error) => failed.push(error.code)}
            >
              {page}
            </AresProviderWithClerk>
            <Session />
          </SignedInBy>
        </StrictMode>,
      );
    }

    function Session() {
      const { signOut, client, session, setActive } = useClerk();
      const enter = async () => {
        await client?.reload();
        await setActive({ session: client?.sessions[0]?.id ?? null });
      };
      const goOn = () => setActive({ session: session?.id ?? null, redirectUrl: "/elsewhere" });
      return (
        <>
          <button type="button" onClick={() => signOut()}>
            Sign out
          </button>
          <button type="button" onClick={enter}>
            Sign in
          </button>
          <button type="button" onClick={goOn}>
            Go elsewhere
          </button>
        </>
      );
    }

    it("asks for nothing while nobody is signed in", async () => {
      open();

      await screen.findByText("user: signed_out");
      expect(screen.getByText("gate: signed_out")).toBeTruthy();
      expect(clerk.requests.filter(({ api }) => api === "backend")).toEqual([]);
      expect(ares.requests.log).toEqual([]);
    });

    it("shows the credits of the user who is signed in and connected, and charges them once", async () => {
      clerk.signIn("user_ann");
      open();
      await screen.findByText("698 credits");

      await userEvent.dblClick(await screen.findByRole("button", { name: "Unlock" }));

      await screen.findByText("695 credits");
      expect(screen.getByText("gate: unlocked")).toBeTruthy();
      expect(ares.charges).toEqual([
        expect.objectContaining({ userId: "ann", usage: "report", credits: 3 }),
      ]);
      expect(clerk.requests.filter(({ api }) => api === "backend")).toHaveLength(1);
    });

    it("sends a user without an ARES account there and back, once for two presses", async () => {
      clerk.signIn("user_new");
      const page = open();
      await screen.findByText("gate: not_connected");
      expect(ares.requests.log).toEqual([]);

      const connect = screen.getByRole("button", { name: "Connect" });
      connect.click();
      connect.click();

      await waitFor(() => expect(navigated).toHaveLength(1));
      expect(navigated[0]?.searchParams.get("redirect_url")).toBe(window.location.href);
      expect(
        clerk.requests.filter(
          ({ method, path }) => method === "POST" && path === "/v1/me/external_accounts",
        ),
      ).toHaveLength(1);

      const answer = await fetch(navigated[0] ?? "", { redirect: "manual" });
      expect(answer.headers.get("location")).toBe(window.location.href);
      clerk.connect("user_new", ares.tokenOf("bob"));
      page.unmount();
      open();
      await screen.findByText("12 credits");
    });

    it("leaves a user whose round trip was refused not connected, and lets them try again", async () => {
      clerk.refuse("user_new");
      clerk.signIn("user_new");
      open();
      await screen.findByText("gate: not_connected, failed");

      await userEvent.click(screen.getByRole("button", { name: "Connect" }));

      await waitFor(() => expect(navigated).toHaveLength(1));
    });

    it("says so when Clerk cannot begin a round trip, and the next press begins one", async () => {
      clerk.signIn("user_new");
      open();
      const connect = await screen.findByRole("button", { name: "Connect" });
      clerk.fail({
        api: "frontend",
        path: "/external_accounts",
        status: 422,
        code: "oauth_config_missing",
      });

      await userEvent.click(connect);
      await waitFor(() => expect(failed).toEqual(["auth_unavailable"]));
      await screen.findByText("gate: not_connected, failed");
      await userEvent.click(screen.getByRole("button", { name: "Connect" }));

      await waitFor(() => expect(navigated).toHaveLength(1));
    });

    it("offers to connect again when the link has ended", async () => {
      clerk.expire("user_ann");
      clerk.signIn("user_ann");
      open();
      await screen.findByText("gate: reconnect");

      await userEvent.click(screen.getByRole("button", { name: "Reconnect" }));

      await waitFor(() => expect(navigated).toHaveLength(1));
      expect(
        clerk.requests.some(
          ({ method, path }) => method === "PATCH" && path.endsWith("/reauthorize"),
        ),
      ).toBe(true);
    });

    it("charges the account that is connected now, not the one that was before", async () => {
      clerk.signIn("user_ann");
      open();
      await screen.findByText("698 credits");

      clerk.disconnect("user_ann");
      clerk.connect("user_ann", ares.tokenOf("bob"));
      const seen = watch();
      await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
      await screen.findByText("12 credits");
      await userEvent.click(await screen.findByRole("button", { name: "Unlock" }));

      await screen.findByText("9 credits");
      expect(ares.charges).toEqual([expect.objectContaining({ userId: "bob", credits: 3 })]);
      expect(seen().at(-1)).not.toContain("69");
    });

    it.each(["click", "mount"] as const)(
      "keeps what was paid by %s while the same session goes elsewhere",
      async (trigger) => {
        clerk.signIn("user_ann");
        open(<Paid trigger={trigger} />);
        if (trigger === "click")
          await userEvent.click(
            await screen.findByRole("button", { name: "Unlock Report · 3 credits" }),
          );
        await screen.findByText("The report");

        await userEvent.click(screen.getByRole("button", { name: "Go elsewhere" }));
        await act(() => new Promise((next) => setTimeout(next, 300)));

        await screen.findByText("The report");
        expect(ares.charges).toHaveLength(1);
      },
    );

    // Clerk 6 throws instead, after a long wait. So this test runs for Clerk 5 alone; a skipped test would be reported in
    // each run.
    if (name === "@clerk/clerk-react 5") {
      it("keeps what was paid while Clerk has no token for want of a network", async () => {
        clerk.signIn("user_ann");
        open(<Paid trigger="click" />);
        await userEvent.click(
          await screen.findByRole("button", { name: "Unlock Report · 3 credits" }),
        );
        const report = await screen.findByText("The report");
        await screen.findByText("695 credits, read well");
        const offline = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
        const { frontend } = clerk;
        clerk.frontend = async () => HttpResponse.error();
        cached = false;
        try {
          document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
          await screen.findByText("695 credits, auth_unavailable");
          expect(screen.getByText("The report")).toBe(report);
        } finally {
          offline.mockRestore();
          clerk.frontend = frontend;
        }
      });
    }

    it("never shows one user's credits or unlocks to the next", async () => {
      clerk.signIn("user_ann");
      open();
      await screen.findByText("698 credits");
      await userEvent.click(await screen.findByRole("button", { name: "Unlock" }));
      await screen.findByText("gate: unlocked");

      await userEvent.click(screen.getByRole("button", { name: "Sign out" }));
      await screen.findByText("user: signed_out");
      const seen = watch();
      clerk.signIn("user_bob");
      await userEvent.click(screen.getByRole("button", { name: "Sign in" }));

      await screen.findByText("12 credits");
      await screen.findByText("gate: locked");
      expect(seen().filter((text) => /69\d credits|unlocked/.test(text))).toEqual([]);
    });

    it("charges the next user, and shows nothing of the one before, when one session replaces another", async () => {
      clerk.signIn("user_ann");
      open();
      await screen.findByText("698 credits");
      await userEvent.click(await screen.findByRole("button", { name: "Unlock" }));
      await screen.findByText("gate: unlocked");

      clerk.signIn("user_bob");
      await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
      await screen.findByText("12 credits");
      const seen = watch();
      await userEvent.click(await screen.findByRole("button", { name: "Unlock" }));

      await screen.findByText("9 credits");
      expect(seen().filter((text) => /69\d credits/.test(text))).toEqual([]);
      expect(ares.charges.map(({ userId, credits }) => [userId, credits])).toEqual([
        ["ann", 3],
        ["bob", 3],
      ]);
    });
  },
);

function Page() {
  const user = useAresUser();
  const gate = useAresGate({ usage: "report", resource: "r1" });
  return (
    <main>
      <p>{`user: ${user.status}`}</p>
      {user.status === "ready" && <p>{`${user.credits} credits`}</p>}
      <p>{`gate: ${gate.status}${"failed" in gate && gate.failed ? ", failed" : ""}`}</p>
      {gate.status === "locked" && <Press onPress={gate.unlock}>Unlock</Press>}
      {gate.status === "not_connected" && <Press onPress={gate.connect}>Connect</Press>}
      {gate.status === "reconnect" && <Press onPress={gate.reconnect}>Reconnect</Press>}
    </main>
  );
}

function Paid({ trigger }: { trigger: "click" | "mount" }) {
  const user = useAresUser();
  return (
    <main>
      <AresGate
        usage="report"
        label="Report"
        {...(trigger === "mount" ? { trigger, resource: "r-1" } : { trigger })}
      >
        <p>The report</p>
      </AresGate>
      {user.status === "ready" && (
        <p>{`${user.credits} credits, ${user.error?.code ?? "read well"}`}</p>
      )}
    </main>
  );
}

function Press({ onPress, children }: { onPress: (() => void) | undefined; children: string }) {
  return (
    <button type="button" onClick={onPress}>
      {children}
    </button>
  );
}

/** Collects every text that the page shows from now on, however briefly. */
function watch(): () => string[] {
  const texts = [document.body.textContent ?? ""];
  const observer = new MutationObserver(() => texts.push(document.body.textContent ?? ""));
  observer.observe(document.body, { childList: true, characterData: true, subtree: true });
  return () => {
    observer.disconnect();
    return texts;
  };
}
