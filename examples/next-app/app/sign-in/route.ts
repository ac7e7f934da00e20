import { cookieOf } from "@/lib/session";

export async function POST(request: Request) {
  const { user }: { user: string } = await request.json();
  return new Response(null, { status: 204, headers: { "Set-Cookie": cookieOf(user) } });
}
