import type { GrantedTokens, GrantRefusal, Grants } from "./grants";
import type { Knobs } from "./knobs";

/** Answers `POST /oauth/token`, as a form of RFC 6749. */
export async function answerTokenRequest(
  body: string,
  grants: Grants,
  knobs: Knobs,
): Promise<Response> {
  const granted = await grant(new URLSearchParams(body), grants);
  return typeof granted === "string" ? refusal(granted, knobs) : tokensAnswer(granted, knobs);
}

async function grant(form: URLSearchParams, grants: Grants): Promise<GrantedTokens | GrantRefusal> {
  const clientId = form.get("client_id") ?? "";
  if (!grants.checkClient(clientId, form.get("client_secret") ?? "")) return "invalid_client";
  switch (form.get("grant_type")) {
    case "authorization_code": {
      const redirectUri = form.get("redirect_uri") ?? "";
      const challenge = await challengeOf(form.get("code_verifier"));
      return grants.exchange(form.get("code") ?? "", { clientId, redirectUri, challenge });
    }
    case "refresh_token": {
      const redirectUri = form.get("redirect_uri");
      return grants.refresh(form.get("refresh_token") ?? "", { clientId, redirectUri });
    }
    default:
      return "invalid_request";
  }
}

async function challengeOf(verifier: string | null): Promise<string | null> {
  if (verifier === null) return null;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return btoa(String.fromCharCode(...new Uint8Array(hash)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function tokensAnswer({ accessToken, refreshToken }: GrantedTokens, knobs: Knobs): Response {
  const seconds = Math.round(knobs.tokenTtlMs / 1000);
  const rest = {
    full: { expires_in: seconds, token_type: "Bearer" },
    text: { expires_in: String(seconds), token_type: "bearer" },
    minimal: {},
  }[knobs.tokenBody];
  const body = {
    access_token: accessToken,
    ...(refreshToken !== null && { refresh_token: refreshToken }),
    ...rest,
  };
  return Response.json(body, { headers: { "Cache-Control": "no-store" } });
}

const SENTENCES: Record<GrantRefusal, string> = {
  invalid_request: "Missing required fields",
  invalid_client: "Unknown client",
  invalid_grant: "Invalid refresh token",
};

function refusal(code: GrantRefusal, { tokenErrors }: Knobs): Response {
  const status = code === "invalid_client" ? 401 : 400;
  switch (tokenErrors) {
    case "oauth":
      return Response.json({ error: code }, { status });
    case "sentences":
      return Response.json({ error: SENTENCES[code] }, { status });
    case "bare":
      return new Response(null, { status });
  }
}

/**
 * Answers `GET /oauth`, the page where a user allows the connection: Allow for each user, and Deny. With `auto` the first user
 * allows at once, or the user it names.
 */
export function authorizePage(address: URL, grants: Grants, users: readonly string[]): Response {
  const asked = address.searchParams;
  const clientId = asked.get("client_id") ?? "";
  const redirectUri = asked.get("redirect_uri") ?? "";
  if (!grants.knowsClient(clientId))
    return page("<p>This pretend ARES does not know the app.</p>", 400);
  if (!/^https?:/.test(redirectUri) || asked.get("response_type") !== "code")
    return page("<p>The address of this page is not complete.</p>", 400);

  const { decision, user } = decisionOf(asked, users);
  const back = new URL(redirectUri);
  const state = asked.get("state");
  if (state !== null) back.searchParams.set("state", state);
  if (decision === "deny") {
    back.searchParams.set("error", "access_denied");
    back.searchParams.set("error_description", "The user said no.");
    return sendTo(back);
  }
  if (decision !== "allow" || !users.includes(user)) return consentPage(address, users);
  const challenge = asked.get("code_challenge");
  back.searchParams.set("code", grants.allow(user, { clientId, redirectUri, challenge }));
  return sendTo(back);
}

/** What the user has pressed, or what `auto` presses for them. */
function decisionOf(asked: URLSearchParams, users: readonly string[]) {
  const auto = asked.get("auto");
  const user = asked.get("user") ?? (auto || users[0]) ?? "";
  return { decision: asked.get("decision") ?? (auto === null ? null : "allow"), user };
}

function sendTo(address: URL): Response {
  return new Response(null, { status: 302, headers: { Location: address.href } });
}

function consentPage(address: URL, users: readonly string[]): Response {
  const link = (decision: string, user: string, text: string) => {
    const target = new URL(address);
    target.searchParams.set("decision", decision);
    target.searchParams.set("user", user);
    // The page may be served under any path.
    return `<p><a href="${escaped(target.search)}">${escaped(text)}</a></p>`;
  };
  const client = escaped(address.searchParams.get("client_id") ?? "");
  return page(
    [
      `<p>The app "${client}" wants to read your balance and to charge credits.</p>`,
      ...users.map((user) =>
        link("allow", user, users.length === 1 ? "Allow" : `Allow as ${user}`),
      ),
      link("deny", users[0] ?? "", "Deny"),
    ].join("\n"),
    200,
  );
}

function page(body: string, status: number): Response {
  const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Pretend ARES</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}</style>
<h1>Pretend ARES</h1>
<p>This page stands in for ARES while an app is built. No account is asked for, and no credits move.</p>
${body}
</html>`;
  const headers = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  return new Response(html, { status, headers });
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
