import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { compileTogether } from "../laws/snippets";
import { type App, filesOfApp, openApp } from "./openApp";
import { signInPackagesAreThere } from "./packages/install.mjs";
import { aresAlone, besideASignIn, clerkKeepsTokens, driven, type SignIn } from "./signIns";
import { life, lifeAlone, lifeWithClerk, walk, walkAlone, walkWithClerk } from "./walk";

let app: App | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function open(signIn: SignIn): Promise<App> {
  app = await openApp(signIn);
  return app;
}

describe.skipIf(!signInPackagesAreThere())("the files of docs/sign-in.md, over HTTP", () => {
  it.each(besideASignIn)(
    "$title: sign in, connect, charge, renew, sign out, reconnect, disconnect",
    async (signIn) => {
      expect(await walk(await open(signIn), signIn)).toEqual(life);
    },
  );

  it("Clerk with clerkAuth: connect, charge, renew, sign out, reconnect", async () => {
    const app = await open(clerkKeepsTokens);
    expect(await walkWithClerk(app, clerkKeepsTokens)).toEqual(lifeWithClerk);
  });

  it("ARES alone: sign in, charge, renew, sign out, reconnect, disconnect", async () => {
    expect(await walkAlone(await open(aresAlone), aresAlone)).toEqual(lifeAlone);
  });

  it("compile with the libraries' own types", () => {
    const files = driven.flatMap((signIn) =>
      filesOfApp(signIn).map(({ file, code }) => ({ file: `${signIn.title}/${file}`, code })),
    );

    expect(files.map(({ file }) => file)).toContain("Better Auth/session.ts");
    expect(
      compileTogether(files, path.join(import.meta.dirname, "packages", "node_modules")),
    ).toEqual([]);
  });
});
