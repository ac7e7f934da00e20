import { mintKey } from "../../src/server";
import type { App } from "./openApp";
import type { clerkKeepsTokens, SignIn } from "./signIns";
import type { Visitor } from "./visitor";

/** What a page reads: the balance, or the code of the refusal. */
async function balance(visitor: Visitor): Promise<number | string> {
  const answer = await (await visitor.ask("/api/ares")).json();
  return answer.user?.credits ?? answer.code;
}

/** A press of a button that costs three credits: `charged`, or the code of the refusal. */
async function charge(visitor: Visitor): Promise<string> {
  const headers = { "Idempotency-Key": mintKey() };
  const answer = await (await visitor.post("/api/ares", { usage: "report" }, headers)).json();
  return answer.status === "charged" ? "charged" : answer.code;
}

/**
 * Presses "Connect ARES" on the page /reports, and allows it at the consent page as a user of ARES. Where the user is then,
 * or why not.
 */
async function connect(visitor: Visitor, account: string): Promise<string> {
  const start = await begin(visitor, "/api/ares/connect?return=/reports");
  if (!start.ok && start.status !== 303) return reasonOf(await start.text());
  const consent = await visitor.follow(start);
  const page = await consent.response.text();
  const allow = new RegExp(`<a href="([^"]+)">Allow as ${account}</a>`).exec(page)?.[1];
  if (allow === undefined) throw new Error(`No consent page, but ${page.slice(0, 300)}`);
  const callback = await visitor.get(new URL(allow.replaceAll("&amp;", "&"), consent.address).href);
  const end = await visitor.follow(callback);
  const { pathname } = new URL(end.address);
  return pathname.endsWith("/callback") ? reasonOf(await end.response.text()) : pathname;
}

/** As the provider of a page does: a session that is a token starts by POST, and opens the address in the answer. */
async function begin(visitor: Visitor, address: string): Promise<Response> {
  if (visitor.token === null) return visitor.get(address);
  const answer = await visitor.post(address);
  return answer.ok ? visitor.get((await answer.json()).url) : answer;
}

const reasonOf = (page: string) => /ares_connect=(\w+)/.exec(page)?.[1] ?? page;

/** `disconnected`, or the code of the refusal. */
async function disconnect(visitor: Visitor): Promise<string> {
  const answer = await (await visitor.post("/api/ares/connect/disconnect")).json();
  return answer.disconnected === true ? "disconnected" : answer.code;
}

/** The life of a connection beside an app's own sign-in: each step, and what came of it. */
export async function walk({ simulator, newVisitor }: App, { signIn, signOut }: SignIn) {
  const visitor = newVisitor();
  const { steps, see } = notes();
  see("signed out", await balance(visitor), await charge(visitor), await connect(visitor, "ada"));

  await signIn(visitor, "ada");
  see("signs in", await balance(visitor), await charge(visitor));
  see("connects", await connect(visitor, "ada"), await balance(visitor));
  see("charges", await charge(visitor), await balance(visitor));

  const before = simulator.requests.token;
  simulator.expireToken("ada");
  see("the token ends", await charge(visitor), await balance(visitor));
  see("it was renewed", simulator.requests.token - before);

  await signOut(visitor);
  see("signs out", await balance(visitor), await charge(visitor));
  await signIn(visitor, "eve");
  see("another user signs in", await balance(visitor), await charge(visitor));
  await signOut(visitor);
  await signIn(visitor, "ada");
  see("the first user is back", await balance(visitor));

  simulator.expireToken("ada", { refreshable: false });
  see("the link ends", await charge(visitor), await balance(visitor));
  see("connects again", await connect(visitor, "ada"), await balance(visitor));

  see("disconnects", await disconnect(visitor), await balance(visitor), await charge(visitor));
  see(
    "ARES deducted",
    ...simulator.charges.map(({ userId, credits }) => `${credits} of ${userId}`),
  );
  return steps;
}

/** What each sign-in comes to. */
export const life = [
  ["signed out", "not_signed_in", "not_signed_in", "not_signed_in"],
  ["signs in", "not_connected", "not_connected"],
  ["connects", "/reports", 698],
  ["charges", "charged", 695],
  ["the token ends", "charged", 692],
  ["it was renewed", 1],
  ["signs out", "not_signed_in", "not_signed_in"],
  ["another user signs in", "not_connected", "not_connected"],
  ["the first user is back", 692],
  ["the link ends", "reconnect", "reconnect"],
  ["connects again", "/reports", 692],
  ["disconnects", "disconnected", "not_connected", "not_connected"],
  ["ARES deducted", "3 of ada", "3 of ada"],
];

/** The same where the ARES account is the user: to connect is to sign in. */
export async function walkAlone({ simulator, newVisitor }: App, { signOut }: SignIn) {
  const visitor = newVisitor();
  const { steps, see } = notes();
  see("signed out", await balance(visitor), await charge(visitor));
  see("signs in and connects", await connect(visitor, "ada"), await balance(visitor));
  see("charges", await charge(visitor), await balance(visitor));

  const before = simulator.requests.token;
  simulator.expireToken("ada");
  see("the token ends", await charge(visitor), await balance(visitor));
  see("it was renewed", simulator.requests.token - before);

  await signOut(visitor);
  see("signs out", await balance(visitor), await charge(visitor));
  see("another user signs in", await connect(visitor, "eve"), await balance(visitor));
  await signOut(visitor);
  see("the first user is back", await connect(visitor, "ada"), await balance(visitor));

  simulator.expireToken("ada", { refreshable: false });
  see("the link ends", await charge(visitor), await balance(visitor));
  see("connects again", await connect(visitor, "ada"), await balance(visitor));

  see("disconnects", await disconnect(visitor), await balance(visitor), await charge(visitor));
  see(
    "ARES deducted",
    ...simulator.charges.map(({ userId, credits }) => `${credits} of ${userId}`),
  );
  return steps;
}

export const lifeAlone = [
  ["signed out", "not_signed_in", "not_signed_in"],
  ["signs in and connects", "/reports", 698],
  ["charges", "charged", 695],
  ["the token ends", "charged", 692],
  ["it was renewed", 1],
  ["signs out", "not_signed_in", "not_signed_in"],
  ["another user signs in", "/reports", 5],
  ["the first user is back", "/reports", 692],
  ["the link ends", "reconnect", "reconnect"],
  ["connects again", "/reports", 692],
  ["disconnects", "disconnected", "not_signed_in", "not_signed_in"],
  ["ARES deducted", "3 of ada", "3 of ada"],
];

/** The same where Clerk keeps the tokens: Clerk leads to ARES, renews, and ends the connection. */
export async function walkWithClerk(
  { simulator, newVisitor }: App,
  clerk: typeof clerkKeepsTokens,
) {
  const visitor = newVisitor();
  const { steps, see } = notes();
  see("signed out", await balance(visitor), await charge(visitor));
  await clerk.signIn(visitor, "ada");
  see("signs in", await balance(visitor), await charge(visitor));
  const connected = await clerk.connect(visitor, simulator.issueToken("ada"));
  see("connects", connected, await balance(visitor));
  see("charges", await charge(visitor), await balance(visitor));

  simulator.expireToken("ada");
  clerk.renew(simulator.issueToken("ada"));
  see("the token ends", await charge(visitor), await balance(visitor));

  await clerk.signOut(visitor);
  see("signs out", await balance(visitor), await charge(visitor));
  await clerk.signIn(visitor, "eve");
  see("another user signs in", await balance(visitor), await charge(visitor));
  await clerk.signOut(visitor);
  await clerk.signIn(visitor, "ada");
  see("the first user is back", await balance(visitor));

  simulator.expireToken("ada", { refreshable: false });
  clerk.end();
  see("the link ends", await charge(visitor), await balance(visitor));
  const again = await clerk.connect(visitor, simulator.issueToken("ada"));
  see("connects again", again, await balance(visitor));
  see(
    "ARES deducted",
    ...simulator.charges.map(({ userId, credits }) => `${credits} of ${userId}`),
  );
  return steps;
}

export const lifeWithClerk = [
  ["signed out", "not_signed_in", "not_signed_in"],
  ["signs in", "not_connected", "not_connected"],
  ["connects", "/reports", 698],
  ["charges", "charged", 695],
  ["the token ends", "charged", 692],
  ["signs out", "not_signed_in", "not_signed_in"],
  ["another user signs in", "not_connected", "not_connected"],
  ["the first user is back", 692],
  ["the link ends", "reconnect", "reconnect"],
  ["connects again", "/reports", 692],
  ["ARES deducted", "3 of ada", "3 of ada"],
];

function notes() {
  const steps: [step: string, ...seen: unknown[]][] = [];
  return { steps, see: (step: string, ...seen: unknown[]) => void steps.push([step, ...seen]) };
}
