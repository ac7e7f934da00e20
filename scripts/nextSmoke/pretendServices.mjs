import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { serve } from "@hono/node-server";

const scripts = path.resolve(import.meta.dirname, "../../test/clerk/scripts/package.json");

/**
 * Serves on a free port of this machine.
 *
 * @param {(request: Request) => Response | Promise<Response>} fetch
 */
export async function listen(fetch, port = 0) {
  const server = serve({ fetch, port, hostname: "127.0.0.1" });
  await new Promise((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === "object" && address !== null ? address.port : 0}`,
    close: () => server.close(),
  };
}

/**
 * Clerk over HTTP: its Backend API at the root, its Frontend API under `/__clerk`, its real browser script under
 * `/clerk-js`. A sign-in page signs its visitor in as `userId` at once. Clerk on Next.js also asks for a handshake.
 * The handshake turns a session of the Frontend API into cookies of the app's own host. The browser script must be installed
 * (`test/clerk/scripts/install.mjs`).
 *
 * @param {import("../../test/clerk/fake/clerkFake").ClerkFake} clerk
 * @param {{ userId: string, origin: string }} options
 * @returns {(request: Request) => Promise<Response>}
 */
export function pretendClerk(clerk, { userId, origin }) {
  let signedIn = false;
  const cors = {
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Credentials": "true",
  };

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const back = searchParams.get("redirect_url") ?? origin;
    if (request.method === "OPTIONS") return preflight(request);
    if (pathname.startsWith("/clerk-js/")) return script(pathname.slice("/clerk-js/".length), cors);
    if (pathname === "/sign-in") {
      signedIn = true;
      clerk.signIn(userId);
      return new Response(null, { status: 302, headers: { Location: back } });
    }
    if (pathname === "/__clerk/v1/client/handshake") {
      const location = new URL(back);
      location.searchParams.set("__clerk_handshake", await handshake());
      return new Response(null, { status: 307, headers: { Location: location.href } });
    }
    if (pathname.startsWith("/__clerk/")) return withCors(await clerk.frontend(request));
    return clerk.backend(request);
  };

  /** @param {Request} request */
  function preflight(request) {
    const asked = request.headers.get("Access-Control-Request-Headers") ?? "";
    return new Response(null, {
      status: 204,
      headers: { ...cors, "Access-Control-Allow-Headers": asked },
    });
  }

  /** @param {Response} answer */
  function withCors(answer) {
    const headers = new Headers(answer.headers);
    for (const [name, value] of Object.entries(cors)) headers.set(name, value);
    return new Response(answer.body, { status: answer.status, headers });
  }

  async function handshake() {
    const session = signedIn ? await clerk.sessionToken(userId) : "";
    const since = signedIn ? Math.floor(Date.now() / 1000) - 5 : 0;
    const cookies = [`__session=${session}`, `__client_uat=${since}`, "__clerk_db_jwt=dvb_fake"];
    return clerk.sessionToken(userId, {
      handshake: cookies.map((cookie) => `${cookie}; Path=/; SameSite=Lax`),
    });
  }
}

/**
 * @param {string} name
 * @param {Record<string, string>} cors
 */
function script(name, cors) {
  const clerkJs = path.dirname(createRequire(scripts).resolve("clerk-js-6"));
  const file = path.join(clerkJs, path.basename(name));
  if (!existsSync(file)) return new Response("Not found", { status: 404, headers: cors });
  return new Response(readFileSync(file), {
    headers: { ...cors, "Content-Type": "text/javascript" },
  });
}
