import { describe, expect, it } from "vitest";
import { type AresAuth, memoryLedger } from "../../../src/server";
import { json, world } from "../world";

const HOUR = 60 * 60 * 1000;
const unread = "The account's balance before this charge is not known.";
const other = "Another ARES account is connected now, or has paid since.";

/** One user with two ARES accounts of 10 credits each. A test sets the connected account, and ARES's answer to a charge. */
function twoWallets(idOf: (token: string) => string | undefined = (token) => token) {
  const connected = { token: "wallet-a", renewed: "wallet-a" };
  const credits: Record<string, number> = { "wallet-a": 10, "wallet-b": 10 };
  const answers: ((deduct: () => void) => Response)[] = [];
  const auth: AresAuth = {
    userId: "user-1",
    getAccessToken: async (options) => (options?.refresh ? connected.renewed : connected.token),
  };
  const w = world({
    evidence: "balance",
    auth: Object.assign(async () => auth, { forUser: () => auth }),
    ares: {
      async fetch(url, init) {
        const token = new Headers(init.headers).get("Authorization")?.slice("Bearer ".length) ?? "";
        if (url.endsWith("/v1/user"))
          return json(200, {
            message: "Success",
            user: { id: idOf(token), credits: credits[token] },
          });
        const deduct = () => {
          credits[token] = (credits[token] ?? 0) - JSON.parse(String(init.body)).credits;
        };
        const answer = answers.shift();
        if (answer) return answer(deduct);
        deduct();
        return json(200, { message: "Success" });
      },
    },
  });
  const judged = async () =>
    (await w.server.reconcile({ apply: true })).map(({ proposal, reason }) => [proposal, reason]);
  return { ...w, connected, answers, judged };
}

const lost = () => json(502, {});
const lostAfterwards = (deduct: () => void) => {
  deduct();
  return json(502, {});
};

describe("reconcile, for a user who exchanges one ARES account for another", () => {
  it("judges by the account whose balance was read", async () => {
    const { post, clock, answers, judged } = twoWallets();
    answers.push(lostAfterwards);
    await post({ usage: "image" });
    clock.ms += HOUR;

    expect(await judged()).toEqual([["charged", "The balance fell by exactly this price."]]);
  });

  it("judges no charge by the balance of the other one, and goes on when the first is back", async () => {
    const { post, clock, answers, judged, connected, ledger } = twoWallets();
    answers.push(lostAfterwards);
    await post({ usage: "image" });
    connected.token = "wallet-b";
    clock.ms += HOUR;

    expect(await judged()).toEqual([[null, other]]);
    expect(await ledger.list({ status: "unknown" })).toHaveLength(1);
    connected.token = "wallet-a";
    expect(await judged()).toMatchObject([["charged", expect.any(String)]]);
  });

  it("takes off no charge that the other one paid", async () => {
    const { post, clock, answers, judged, connected } = twoWallets();
    answers.push(lostAfterwards);
    await post({ usage: "image" });
    clock.ms += HOUR;
    connected.token = "wallet-b";
    await post({ usage: "image" });
    connected.token = "wallet-a";
    clock.ms += HOUR;

    expect(await judged()).toEqual([[null, other]]);
  });

  it("judges no charge that was sent with a token read after the balance", async () => {
    const { post, clock, answers, judged, connected } = twoWallets();
    connected.renewed = "wallet-b";
    answers.push(() => json(401, {}), lostAfterwards);
    await post({ usage: "image" });
    clock.ms += HOUR;

    expect(await judged()).toEqual([[null, unread]]);
  });

  it("judges none whose account ARES does not name, before or now", async () => {
    const nameless = twoWallets(() => undefined);
    nameless.answers.push(lost);
    await nameless.post({ usage: "image" });
    nameless.clock.ms += HOUR;
    expect(await nameless.judged()).toEqual([[null, unread]]);

    let named = true;
    const forgetful = twoWallets((token) => (named ? token : undefined));
    forgetful.answers.push(lost);
    await forgetful.post({ usage: "image" });
    named = false;
    forgetful.clock.ms += HOUR;
    expect(await forgetful.judged()).toEqual([[null, other]]);
  });

  it("judges none of before there was a digest", async () => {
    const ledger = memoryLedger({ now: () => 0 });
    await ledger.claim("id", {
      attempt: "a",
      key: "k",
      fingerprint: "f",
      mintedAt: 0,
      leaseMs: 1_000,
      retainMs: HOUR,
      userId: "user-1",
      usage: "image",
      resource: null,
      hundredths: 400,
    });
    await ledger.begin("id", { attempt: "a", leaseMs: 1_000 });
    await ledger.settle("id", { attempt: "a", to: "unknown", outcome: { balanceBefore: 10_000 } });

    expect(await world({ ledger }).server.reconcile()).toMatchObject([
      { proposal: null, reason: unread },
    ]);
  });
});
