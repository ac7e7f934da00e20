import { cookieOf } from "../lib/session.server";
import type { Route } from "./+types/signIn";

export async function action({ request }: Route.ActionArgs) {
  const { user }: { user: string } = await request.json();
  return new Response(null, { status: 204, headers: { "Set-Cookie": cookieOf(user) } });
}
