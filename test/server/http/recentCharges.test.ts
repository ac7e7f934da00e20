import { describe, expect, it } from "vitest";
import { ChargesAnswer } from "../../../src/contract";
import { json, world } from "../world";

const recent = async (answer: Response) => ChargesAnswer.parse(await answer.json());

describe("GET ?charges=recent", () => {
  it("tells a user's charges, newest first, as far as they may see them", async () => {
    const { post, get, clock } = world();
    await post({ usage: "export-pdf", credits: 1 });
    clock.ms += 1000;
    await post({ usage: "report", resource: "report-42", credits: 3 });

    const answer = await get("?charges=recent");

    expect(answer.headers.get("Cache-Control")).toBe("private, no-store");
    const { charges } = await recent(answer);
    expect(
      charges.map(({ usage, resource, credits, status }) => ({ usage, resource, credits, status })),
    ).toEqual([
      { usage: "report", resource: "report-42", credits: 3, status: "charged" },
      { usage: "export-pdf", resource: undefined, credits: 1, status: "charged" },
    ]);
    expect(Object.keys(charges[0] ?? {}).sort()).toEqual([
      "createdAt",
      "credits",
      "id",
      "key",
      "resource",
      "settledAt",
      "status",
      "usage",
    ]);
  });

  it("calls an unconfirmed charge unknown and a refused one declined", async () => {
    const { ares, post, get, clock } = world();
    ares.next(
      () => json(500, {}),
      () => json(402, { error: "Insufficient credits" }),
    );
    await post({ usage: "export-pdf", credits: 1 });
    clock.ms += 1000;
    await post({ usage: "image", credits: 4 });

    const { charges } = await recent(await get("?charges=recent"));

    expect(charges.map(({ usage, status }) => [usage, status])).toEqual([
      ["image", "declined"],
      ["export-pdf", "unknown"],
    ]);
  });

  it("never tells one user of another's, and nobody who is not signed in of any", async () => {
    const { post, get, session } = world();
    await post({ usage: "export-pdf", credits: 1 });

    session.auth = { userId: "user-2", getAccessToken: async () => "canary-token" };
    expect((await recent(await get("?charges=recent"))).charges).toEqual([]);
    session.auth = null;
    expect((await get("?charges=recent")).status).toBe(401);
  });

  it("asks nothing of ARES and writes nothing down", async () => {
    const { ares, ledger, get } = world();

    await get("?charges=recent");

    expect(ares.calls).toEqual([]);
    expect(await ledger.list({ userId: "user-1" })).toEqual([]);
  });

  it("tells the newest 100 at most", async () => {
    const { post, get, clock } = world({ balance: 1000 });
    for (let i = 0; i < 103; i += 1) {
      clock.ms += 2000;
      await post({ usage: "mite", resource: `r-${i}`, credits: 0.01 });
    }

    const { charges } = await recent(await get("?charges=recent"));

    expect([charges.length, charges[0]?.resource, charges.at(-1)?.resource]).toEqual([
      100,
      "r-102",
      "r-3",
    ]);
  });
});
