import { depends, type Files, manifestOf } from "./project";

/**
 * Who signs an app's users in:
 * - `ares`: nobody yet, so ARES does
 * - `own`: the app, or a library of it
 * - `clerk`: Clerk, which keeps ARES's tokens too
 */
export const signIns = ["ares", "own", "clerk"] as const;
export type SignIn = (typeof signIns)[number];

const libraries: readonly (readonly [SignIn, readonly string[]])[] = [
  ["clerk", ["@clerk/nextjs", "@clerk/clerk-react", "@clerk/react", "@clerk/backend"]],
  [
    "own",
    [
      "better-auth",
      "next-auth",
      "@auth/core",
      "@auth/express",
      "@auth0/nextjs-auth0",
      "express-openid-connect",
      "@supabase/ssr",
      "@supabase/supabase-js",
      "firebase-admin",
      "iron-session",
      "passport",
      "express-session",
    ],
  ],
];

/** The sign-in that package.json names, and by which package. Without one it is `ares`. */
export function foundSignIn(files: Files): { signIn: SignIn; library: string | undefined } {
  const manifest = manifestOf(files) ?? {};
  for (const [signIn, packages] of libraries) {
    const library = packages.find((name) => depends(manifest, name));
    if (library) return { signIn, library };
  }
  return { signIn: "ares", library: undefined };
}

/** The examples are written for `ares`. Takes out what another sign-in has no use for. */
export function forSignIn(text: string, signIn: SignIn): string {
  if (signIn === "ares") return text;
  const own = text.replace('\n  session: "ares",', "").replace(/\s+signInWith="ares"/, "");
  return signIn === "own" ? own : withoutConnection(own);
}

function withoutConnection(text: string): string {
  return text
    .replace(/^import \{[^}]*\} from "ares-react\/connect";\n/m, "")
    .replace(/\{ connection, \.\.\.pretended \} = pretend\([^;]*;/, "pretended = pretend();")
    .replace("export { connection };\n", "")
    .replace("docs/connect.md", "docs/clerk.md")
    .replace(/\s+connect="[^"]*"/, "")
    .replace(", connection }", " }")
    .replace(/\n {2}\.all\("\/api\/ares\/connect[^;]*;/, ";");
}
