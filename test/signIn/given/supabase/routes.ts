import { serializeCookieHeader } from "@supabase/ssr";
import { Hono } from "hono";
import { supabaseOf } from "./session";

/** What Supabase's own guide puts into `proxy.ts`: it renews Supabase's session, for the page and for the routes behind it. */
export const routes = new Hono()
  .use("*", async (context, next) => {
    const lines: string[] = [];
    const cookies = new Map(
      (context.req.header("Cookie") ?? "")
        .split("; ")
        .map((pair): [string, string] => [pair.split("=")[0] ?? "", pair]),
    );
    const supabase = supabaseOf(context.req.raw, (all) => {
      for (const { name, value, options } of all) {
        cookies.set(name, `${name}=${value}`);
        lines.push(serializeCookieHeader(name, value, options));
      }
    });
    await supabase.auth.getClaims();
    if (lines.length > 0) {
      const headers = new Headers(context.req.raw.headers);
      headers.set("Cookie", [...cookies.values()].join("; "));
      context.req.raw = new Request(context.req.raw, { headers });
    }
    await next();
    for (const line of lines) context.res.headers.append("Set-Cookie", line);
  })
  .post("/sign-in", async (context) => {
    const supabase = supabaseOf(context.req.raw, (all) => {
      for (const { name, value, options } of all)
        context.header("Set-Cookie", serializeCookieHeader(name, value, options), { append: true });
    });
    const { error } = await supabase.auth.signInWithPassword(await context.req.json());
    return context.json({ signedIn: error === null }, error ? 401 : 200);
  })
  .post("/sign-out", async (context) => {
    const supabase = supabaseOf(context.req.raw, (all) => {
      for (const { name, value, options } of all)
        context.header("Set-Cookie", serializeCookieHeader(name, value, options), { append: true });
    });
    const { error } = await supabase.auth.signOut();
    return context.json({ signedOut: error === null }, error ? 500 : 200);
  });
