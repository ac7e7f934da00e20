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

/** What a page asks for: its balance, the state of charges, or a charge. */
type Wish = "balance" | "look" | "charge";

function wishOf({ method, url }: Request): Wish {
  if (method !== "GET") return "charge";
  return new URL(url).search ? "look" : "balance";
}

type Answer = Response | Promise<Response>;

const answers: Record<Network, (serve: () => Promise<Response>, wish: Wish) => Answer> = {
  ok: (serve) => serve(),
  slow: (serve) => wait(3000).then(serve),
  "very-slow": (serve) => wait(12_000).then(serve),
  offline: () => HttpResponse.error(),
  "429": tooMany,
  "500": broken,
  "lost-answer": (serve, wish) =>
    serve().then((answer) => (wish === "charge" ? HttpResponse.error() : answer)),
  html: () => new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } }),
  "429-balance": (serve, wish) => (wish === "balance" ? tooMany() : serve()),
  "500-looks": (serve, wish) => (wish === "look" ? broken() : serve()),
  "stuck-read": (serve, wish) => (wish === "charge" ? serve() : never),
  "stuck-charge": (serve, wish) => (wish === "charge" ? never : serve()),
};

/** Puts a network in front of a server. A sent request reaches the server, unless the network is offline. */
export function through(network: () => Network, serve: Handler): Handler {
  return async (request) => answers[network()](() => serve(request), wishOf(request));
}
