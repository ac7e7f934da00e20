import { HttpResponse } from "msw";

type Handler = (request: Request) => Promise<Response>;

/** The networks between the page and its server, by their names in the toolbar. */
export const networks = {
  ok: "Answers at once",
  slow: "Slow, 3 s",
  "very-slow": "Very slow, 12 s",
  offline: "Offline",
  "429": "Too many requests (429)",
  "500": "Server error (500)",
  "lost-answer": "The answer to a charge is lost",
  html: "HTML in place of an answer",
  "429-balance": "The balance is refused (429), nothing else is",
  "500-looks": "Looks at charges fail (500)",
  "stuck-read": "Reads are never answered",
  "stuck-charge": "Charges are never answered",
} as const;

export type Network = keyof typeof networks;

const tooMany = () =>
  Response.json({ message: "Too many requests" }, { status: 429, headers: { "Retry-After": "5" } });
const broken = () => new Response("Internal Server Error", { status: 500 });
const page =
  "<!doctype html><title>Sign in to this network</title><p>Accept the terms to go on.</p>";
const never = new Promise<never>(() => {});
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Puts a network in front of a server. A sent request reaches the server, unless the network is offline. */
export function through(network: () => Network, serve: Handler): Handler {
  return async (request) => {
    const reads = request.method === "GET";
    switch (network()) {
      case "ok":
        return serve(request);
      case "slow":
        return wait(3000).then(() => serve(request));
      case "very-slow":
        return wait(12_000).then(() => serve(request));
      case "offline":
        return HttpResponse.error();
      case "429":
        return tooMany();
      case "429-balance":
        return reads && !new URL(request.url).search ? tooMany() : serve(request);
      case "500":
        return broken();
      case "500-looks":
        return reads && new URL(request.url).search ? broken() : serve(request);
      case "lost-answer":
        return serve(request).then((answer) => (reads ? answer : HttpResponse.error()));
      case "html":
        return new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } });
      case "stuck-read":
        return reads ? never : serve(request);
      case "stuck-charge":
        return reads ? serve(request) : never;
    }
  };
}
