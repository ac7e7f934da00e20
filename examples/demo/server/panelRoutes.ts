import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import * as z from "zod/mini";
import { accounts, newcomer, nobody } from "./accounts";
import type { DemoAres } from "./ares";
import type { ControlDesk } from "./controlDesk";
import { accountOf, sessionCookie } from "./session";

const AccountChoice = z.object({
  account: z.enum([nobody, "newcomer", ...accounts.map(({ id }) => id)]),
});
const Resolution = z.object({ id: z.string(), to: z.enum(["charged", "not_charged"]) });
const cookieOptions = {
  path: "/",
  sameSite: "Lax",
  httpOnly: true,
  maxAge: 30 * 24 * 3600,
} as const;

/** The pretend ARES's commands that the panel may pass on. */
const passedOn = new Set(["topup", "spend", "balance", "fail", "heal", "set", "expire"]);

/** The routes of the side panel. Only the demo over the pretend ARES has them. */
export function panelRoutes(desk: ControlDesk, { charges: book }: DemoAres): Hono {
  const routes = new Hono();

  routes.use(async ({ req, text }, next) => {
    // A form on another site can't send JSON without a preflight request.
    if (req.method === "POST" && !/^application\/json\b/.test(req.header("Content-Type") ?? ""))
      return text("Send JSON.", 415);
    return next();
  });

  /** Both books, side by side: ARES's deductions and this app's ledger. */
  routes.get("/world", async ({ req, json }) => {
    const ares: unknown = await (await desk.ask("book")).json();
    const charges = (await book.list({ limit: 50 })).map(
      ({ id, status, userId, usage, resource, hundredths, createdAt, key }) => {
        return { id, status, userId, usage, resource, credits: hundredths / 100, createdAt, key };
      },
    );
    const account = accountOf(req.raw);
    return json(
      {
        account: account
          ? { id: account.id, name: account.name, connection: account.connection }
          : null,
        accounts: [
          ...accounts,
          ...(account && !accounts.some(({ id }) => id === account.id) ? [account] : []),
        ].map(({ id, name }) => ({
          id,
          name,
        })),
        ares,
        charges,
      },
      200,
      { "Cache-Control": "no-store" },
    );
  });

  routes.post("/account", async (c) => {
    const choice = AccountChoice.safeParse(await c.req.json());
    if (!choice.success) return c.json({ error: "There is no such account." }, 400);
    const account =
      choice.data.account === "newcomer"
        ? newcomer(`newcomer-${Date.now().toString(36)}`)
        : undefined;
    if (account) await desk.addUser(account.id, account.credits);
    setCookie(c, sessionCookie, account?.id ?? choice.data.account, cookieOptions);
    return c.json({ account: account?.id ?? choice.data.account });
  });

  /** Stands for connecting ARES at the sign-in service: from now on the user has a token. */
  routes.post("/connect", async (c) => {
    const account = accountOf(c.req.raw);
    if (!account) return c.json({ error: "Sign in first." }, 401);
    await desk.tokenOf(account.id, "issue");
    setCookie(c, sessionCookie, `${account.id}.connected`, cookieOptions);
    return c.json({ ok: true });
  });

  /** Stands for an operator who has looked into ARES's own books. */
  routes.post("/resolve", async ({ req, json }) => {
    const said = Resolution.safeParse(await req.json());
    if (!said.success) return json({ error: "Say which charge, and whether it was charged." }, 400);
    const done = await book.resolve(said.data.id, said.data.to, "by hand, in the demo's panel");
    return done ? json({ ok: true }) : json({ error: "This charge is not unknown any more." }, 409);
  });

  routes.post("/ares/:command", async ({ req, json, body }) => {
    const command = req.param("command");
    if (!passedOn.has(command))
      return json({ error: "ARES's control desk has no such command." }, 404);
    const answer = await desk.ask(command, { method: "POST", body: await req.text() });
    return body(await answer.text(), answer.ok ? 200 : 400, { "Content-Type": "application/json" });
  });

  /** The hardest test of a ledger: the process ends at once, in the middle of any work. `npm start` starts it again. */
  routes.post("/crash", ({ json }) => {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 20);
    return json({ ok: true });
  });

  return routes;
}
