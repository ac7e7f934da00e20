import { type ClerkFake, createClerkFake } from "../clerk/fake/clerkFake";
import { listen } from "./listen";
import { createSupabaseAuth } from "./supabaseAuth";
import type { Visitor } from "./visitor";

/** A sign-in that docs/sign-in.md has a chapter about, and that a test drives over HTTP. */
export interface SignIn {
  /** The chapter. */
  title: string;
  /** The folder of `given` with what the app had before ARES came: `routes.ts` exports its `routes`. */
  given?: string;
  /** True where the user signs in at a service that no test can run. */
  signsInElsewhere?: boolean;
  /** True where the user ends the connection at such a service. */
  endsElsewhere?: boolean;
  env?: Record<string, string>;
  /** What runs beside the app, such as a provider. */
  beside?(origin: string): Promise<Beside>;
  /** Signs a person in by the library's own HTTP API. */
  signIn(visitor: Visitor, person: Person): Promise<void>;
  signOut(visitor: Visitor): Promise<void>;
}

interface Beside {
  env?: Record<string, string>;
  /** Hosts that are served here, and where. */
  hosts?: Record<string, string>;
  close?(): Promise<void>;
}

type Person = "ada" | "eve";

const password = "correct horse battery";
const emailOf = (person: Person) => `${person}@example.test`;

/** @throws an error that names the answer which is no success */
async function must(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  if (response.status < 400) return;
  throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}

const PROVIDER = "accounts.example.test";
const client = { clientId: "app", clientSecret: "a secret of this test alone" };

/** A provider of OpenID Connect. Its package is there only where the libraries are. */
async function openOidc(
  redirectUri: string,
  authMethod: "client_secret_basic" | "client_secret_post",
) {
  const { openOidcServer } = await import("./packages/oidcServer.mjs");
  const issuer = `https://${PROVIDER}/`;
  const { origin, close } = await openOidcServer({ ...client, issuer, redirectUri, authMethod });
  return { hosts: { [PROVIDER]: origin }, close };
}

/** Signs in on the provider's pages, and allows what the app asks for. */
async function atProvider(visitor: Visitor, start: Promise<Response>, person: Person) {
  // Whoever signed in at the provider before has signed out there.
  visitor.forget(PROVIDER);
  let { response } = await visitor.follow(await start);
  for (;;) {
    const page = await response.text();
    const form = /<form [^>]*action="([^"]+\/interaction\/[^"]+)"/.exec(page)?.[1];
    if (form === undefined) return;
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? "";
    const filled = new URLSearchParams({ prompt, login: person, password });
    ({ response } = await visitor.follow(await visitor.post(form, filled)));
  }
}

const betterAuth: SignIn = {
  title: "Better Auth",
  given: "better-auth",
  async signIn(visitor, person) {
    const body = { email: emailOf(person), password };
    const known = await visitor.post("/api/auth/sign-in/email", body);
    if (!known.ok) await must(visitor.post("/api/auth/sign-up/email", { ...body, name: person }));
  },
  signOut: (visitor) => must(visitor.post("/api/auth/sign-out")),
};

const authJs: SignIn = {
  title: "Auth.js",
  given: "authjs",
  env: { AUTH_SECRET: "a secret of this test alone", OIDC_ISSUER: `https://${PROVIDER}` },
  beside: (origin) => openOidc(`${origin}/api/auth/callback/local`, "client_secret_basic"),
  async signIn(visitor, person) {
    const { csrfToken } = await (await visitor.get("/api/auth/csrf")).json();
    const form = new URLSearchParams({ csrfToken, callbackUrl: "/" });
    await atProvider(visitor, visitor.post("/api/auth/signin/local", form), person);
  },
  async signOut(visitor) {
    const { csrfToken } = await (await visitor.get("/api/auth/csrf")).json();
    await must(visitor.post("/api/auth/signout", new URLSearchParams({ csrfToken })));
  },
};

const auth0: SignIn = {
  title: "Auth0",
  given: "auth0",
  env: {
    AUTH0_DOMAIN: PROVIDER,
    AUTH0_CLIENT_ID: client.clientId,
    AUTH0_CLIENT_SECRET: client.clientSecret,
    AUTH0_SECRET: "0123456789abcdef".repeat(4),
  },
  async beside(origin) {
    const oidc = await openOidc(`${origin}/auth/callback`, "client_secret_post");
    return { ...oidc, env: { APP_BASE_URL: origin } };
  },
  signIn: (visitor, person) =>
    atProvider(visitor, visitor.get("/auth/login?prompt=login&returnTo=/"), person),
  signOut: (visitor) => must(visitor.get("/auth/logout")),
};

const supabase: SignIn = {
  title: "Supabase",
  given: "supabase",
  async beside() {
    const { origin, use, close } = await listen("127.0.0.1");
    const auth = await createSupabaseAuth(`${origin}/auth/v1`);
    use((request) => auth.fetch(request));
    return { env: { SUPABASE_URL: origin, SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x" }, close };
  },
  signIn: (visitor, person) => must(visitor.post("/sign-in", { email: emailOf(person), password })),
  signOut: (visitor) => must(visitor.post("/sign-out")),
};

const ownCookie: SignIn = {
  title: "Your own cookie",
  given: "own-cookie",
  env: { SESSION_PASSWORD: "a password of this test alone, 32 letters" },
  signIn: (visitor, person) => must(visitor.post("/sign-in", { name: person, password })),
  signOut: (visitor) => must(visitor.post("/sign-out")),
};

const CLERK = "fake.clerk.accounts.dev";

/** Clerk, as far as one can run it here: its two APIs over HTTP, and tokens that it signs. */
async function openClerk(origin: string) {
  const users = [{ id: "user_ada" }, { id: "user_eve" }];
  const clerk = await createClerkFake({ users, origin });
  const [backend, frontend] = await Promise.all([listen("127.0.0.1"), listen("127.0.0.1")]);
  backend.use(clerk.backend);
  frontend.use(clerk.frontend);
  return {
    clerk,
    env: {
      CLERK_SECRET_KEY: clerk.secretKey,
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: clerk.publishableKey,
      CLERK_JWT_KEY: clerk.jwtKey,
    },
    hosts: { "api.clerk.com": backend.origin, [CLERK]: frontend.origin },
    close: async () => void (await Promise.all([backend.close(), frontend.close()])),
  };
}

/** Clerk's own pages sign in, which nobody can run here: a stand-in gives the token that Clerk's script gives. */
function clerkSignIn(title: string) {
  let clerk: ClerkFake;
  return {
    title,
    signsInElsewhere: true,
    async beside(origin) {
      const beside = await openClerk(origin);
      clerk = beside.clerk;
      return beside;
    },
    async signIn(visitor, person) {
      clerk.signIn(`user_${person}`);
      visitor.token = await clerk.sessionToken(`user_${person}`);
    },
    async signOut(visitor) {
      clerk.signOut();
      visitor.token = null;
    },
    clerk: () => clerk,
  } satisfies SignIn & { clerk(): ClerkFake };
}

/** Those whose app keeps its own sign-in, and whose tokens `aresConnect` keeps. */
export const besideASignIn: readonly SignIn[] = [
  betterAuth,
  authJs,
  auth0,
  supabase,
  ownCookie,
  clerkSignIn("Clerk beside aresConnect"),
];

/** The app has no sign-in: the walk signs in at ARES. */
export const aresAlone: SignIn = {
  title: "ARES alone",
  signIn: async () => undefined,
  signOut: (visitor) => must(visitor.post("/api/ares/connect/sign-out")),
};

const byClerk = clerkSignIn("Clerk with clerkAuth");

/** Clerk has a newer token. */
function renewAtClerk(token: string): void {
  const expiresAt = Math.floor(Date.now() / 1000) + 1800;
  byClerk.clerk().connect("user_ada", [{ token, expiresAt }]);
}

/** Clerk keeps and renews the tokens. Its pages lead to ARES, and end the connection. */
export const clerkKeepsTokens = {
  ...byClerk,
  endsElsewhere: true,
  /** Connects as Clerk's script does. Where the user is then; Clerk has this token of ARES. */
  async connect(visitor: Visitor, token: string): Promise<string> {
    const form = new URLSearchParams({ strategy: "oauth_custom_ares", redirect_url: "/reports" });
    const begun = await visitor.post(`https://${CLERK}/v1/me/external_accounts`, form);
    const { response } = await begun.json();
    const back = await visitor.get(response.verification.external_verification_redirect_url);
    renewAtClerk(token);
    return back.headers.get("Location") ?? "";
  },
  renew: renewAtClerk,
  /** Clerk can't renew the token any more. */
  end: () => byClerk.clerk().expire("user_ada"),
};

export const driven: readonly SignIn[] = [...besideASignIn, clerkKeepsTokens, aresAlone];
