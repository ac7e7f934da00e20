import { headers as names } from "../../contract";
import type { Ask, Heard } from "./ask";
import { type Finding, found } from "./findings";

/** The answer of the kit's endpoint, and its address. */
export interface Endpoint {
  url: string;
  answer: Heard;
}

const CLOCK_MS = { warning: 2_000, error: 60_000 };
/** Nobody can own this origin. */
const STRANGER = "https://doctor.invalid";

/** Finds the endpoint at the address itself, or at `/api/ares`. @throws when the app gives no answer */
export async function findEndpoint(ask: Ask, address: string): Promise<Endpoint | Finding> {
  const urls = [...new Set([address, new URL("/api/ares", address).href])];
  const answers: Heard[] = [];
  for (const url of urls) {
    const answer = await ask(url, { headers: { Accept: "application/json" } });
    if (answer.isKit) return { url, answer };
    answers.push(answer);
  }
  if (answers.some(({ body }) => body.message === "User not signed in")) {
    return found(
      "address",
      "error",
      "the endpoint is the guide's own route: it knows no keys, so a lost answer stays unknown. Put the kit's handler there.",
    );
  }
  const seen = urls.map((url, index) => `${url} (${answers[index]?.status})`).join(" nor ");
  return found(
    "address",
    "error",
    `neither ${seen} answers as this kit. Mount the handler, or pass the endpoint's own address.`,
  );
}

/** Looks at what every answer must keep on its way: headers, no cache, the right clock, no open door for strangers. */
export async function lookAtEndpoint(ask: Ask, { url, answer }: Endpoint): Promise<Finding[]> {
  const stranger = await ask(url, { headers: { Origin: STRANGER } });
  return [
    lookAtAddress(url),
    lookAtHeaders(answer),
    lookAtCache(answer),
    lookAtClock(answer),
    lookAtStranger(stranger),
    ...lookAtSession(answer),
  ];
}

const isHere = (url: string) => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(url).hostname);

function lookAtAddress(url: string): Finding {
  const open = url.startsWith("http://") && !isHere(url);
  return found(
    "address",
    open ? "error" : "ok",
    open ? `${url} is not https: sessions can be read on the way` : url,
  );
}

function lookAtHeaders({ headers }: Heard): Finding {
  return headers.has(names.contract)
    ? found("headers", "ok", "arrive")
    : found(
        "headers",
        "error",
        `${names.contract} is lost on the way. Send the handler's headers on, in the bridge or the proxy.`,
      );
}

function lookAtCache({ headers }: Heard): Finding {
  const control = headers.get("Cache-Control") ?? "none";
  const age = headers.get("Age");
  if (Number(age) > 0)
    return found(
      "cache",
      "error",
      `a cache gave this answer (Age: ${age}): it may be another user's. Leave the endpoint out.`,
    );
  if (!control.includes("no-store"))
    return found(
      "cache",
      "error",
      `Cache-Control is ${control}, without no-store. A cache may keep a balance.`,
    );
  return found("cache", "ok", control);
}

function lookAtClock({ body, headers, asked, heard }: Heard): Finding {
  const date = Date.parse(headers.get("Date") ?? "");
  const exact = typeof body.serverTime === "number";
  const [from, to] = exact
    ? [Number(body.serverTime), Number(body.serverTime)]
    : [date, date + 1_000];
  if (Number.isNaN(from)) return found("clock", "warning", "the answer names no time");
  const apart = Math.max(asked - to, from - heard, 0);
  return found(
    "clock",
    clockStatus(apart),
    `${(apart / 1000).toFixed(1)} s apart from this machine's`,
  );
}

function clockStatus(apartMs: number): Finding["status"] {
  if (apartMs > CLOCK_MS.error) return "error";
  return apartMs > CLOCK_MS.warning ? "warning" : "ok";
}

function lookAtStranger({ headers }: Heard): Finding {
  const allowed = headers.get("Access-Control-Allow-Origin");
  return allowed === STRANGER || allowed === "*"
    ? found(
        "cors",
        "error",
        `the answer lets every site read it (Access-Control-Allow-Origin: ${allowed}). Name origins in cors instead.`,
      )
    : found("cors", "ok", "no other site may read an answer");
}

function lookAtSession({ status, body, headers }: Heard): Finding[] {
  const pretends = headers.has(names.pretend)
    ? [found("ARES", "warning", "pretend() stands in, so no real credits move")]
    : [];
  if (status === 200) return [...pretends, found("sign-in", "ok", "this request is signed in")];
  const words = `${body.code ?? status}: ${body.message ?? "no words"}`;
  return [
    ...pretends,
    found(
      "sign-in",
      status === 401 ? "ok" : "error",
      status === 401 ? `nobody is signed in (${body.code})` : words,
    ),
  ];
}
