import { chargeOf, listOf, page, signInForm } from "./page.js";

const MOST = 100;

/** The desk: a `Request` in, a `Response` out. `charges` is `ares.charges` of the app's server. */
export function createDesk({ charges, signIn }) {
  async function serve(request, operator) {
    const { pathname } = new URL(request.url);
    const isPost = request.method === "POST";
    if (pathname === "/") return list(operator);
    if (pathname === "/sign-out" && isPost) return seeOther("/", { "Set-Cookie": signIn.noCookie });
    const [, chargeId] = /^\/charges\/([\w-]+)$/.exec(pathname) ?? [];
    const row = chargeId === undefined ? null : await charges.find({ chargeId });
    if (!row) return html(page({ title: "There is no such page", operator, body: "" }), 404);
    return isPost ? decide(request, row, operator) : show(row, operator);
  }

  async function enter(request) {
    const form = await request.formData();
    const cookie = await signIn.cookieFor(String(form.get("name")), String(form.get("password")));
    return cookie
      ? seeOther("/", { "Set-Cookie": cookie })
      : html(page({ title: "Sign in", body: signInForm(true) }), 401);
  }

  async function list(operator) {
    const rows = await charges.list({ status: "unknown", limit: MOST });
    const body = listOf(rows, rows.length < MOST);
    return html(page({ title: "Unconfirmed charges", operator, body }));
  }

  function show(row, operator, message) {
    return html(page({ title: "A charge", operator, message, body: chargeOf(row) }));
  }

  async function decide(request, row, operator) {
    const form = await request.formData();
    const to = form.get("to");
    const note = String(form.get("note") ?? "").trim();
    const isVerdict = to === "charged" || to === "not_charged";
    if (!isVerdict || note === "")
      return show(row, operator, "Choose a verdict, and write a note.");
    const isStored = await charges.resolve(row.id, to, `${operator}: ${note}`);
    if (isStored) return seeOther(`/charges/${row.id}`);
    const now = (await charges.find({ chargeId: row.id })) ?? row;
    return show(now, operator, "Not stored: the charge has changed meanwhile.");
  }

  return async (request) => {
    const isPost = request.method === "POST";
    if (isPost && !isOwn(request)) return html("Another site sent this.", 403);
    if (isPost && new URL(request.url).pathname === "/sign-in") return enter(request);
    const operator = signIn.operatorOf(request);
    if (operator) return serve(request, operator);
    return html(page({ title: "Sign in", body: signInForm(false) }), 401);
  };
}

/** True for a form of this site. A browser names the origin of each POST. */
function isOwn(request) {
  const origin = request.headers.get("Origin");
  return (
    origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get("Host")
  );
}

const headers = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

const html = (body, status = 200) => new Response(body, { status, headers });

const seeOther = (to, more) =>
  new Response(null, {
    status: 303,
    headers: { Location: to, "Cache-Control": "no-store", ...more },
  });
