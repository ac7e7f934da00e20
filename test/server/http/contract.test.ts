import { describe, expect, it } from "vitest";
import {
  ChargeAnswer,
  ChargeStateAnswer,
  ChargesAnswer,
  chargeSchema,
  Problem,
  UserAnswer,
} from "../../../src/contract";
import { json, world } from "../world";

const report = { usage: "report", resource: "r-1", credits: 3 };

/** Members that a charge has and that the contract does not know. */
const unnamed = (charge: object) =>
  Object.keys(charge).filter((name) => !(name in chargeSchema.shape));

describe("an answer of the handler keeps to the contract's schema", () => {
  it("of a user: who they are, their credits, the prices and the time", async () => {
    const { get, clock } = world();

    const answer = UserAnswer.parse(await (await get()).json());

    expect(answer.user).toMatchObject({ id: "ares-1", email: expect.any(String), credits: 100 });
    expect(answer.prices).toEqual({ "export-pdf": 1, image: 4, report: 3, day: 2, mite: 0.01 });
    expect(answer.serverTime).toBe(clock.ms);
  });

  it("of a user who has to sign in or to connect first: the prices beside that step", async () => {
    const { get, post, session } = world();
    session.auth = null;
    const nobody = Problem.parse(await (await get()).json());
    session.auth = { userId: "user-1", getAccessToken: async () => null };
    const unconnected = Problem.parse(await (await get()).json());
    const press = Problem.parse(await (await post(report)).json());

    expect([nobody.code, unconnected.code]).toEqual(["not_signed_in", "not_connected"]);
    expect([nobody.prices, unconnected.prices, press.prices]).toEqual(
      Array(3).fill({ "export-pdf": 1, image: 4, report: 3, day: 2, mite: 0.01 }),
    );
  });

  it("of a charge, made now and replayed", async () => {
    const { post, key } = world();
    const headers = { "Idempotency-Key": key() };

    for (const response of [await post(report, headers), await post(report, headers)]) {
      const { charge, ...answer } = ChargeAnswer.parse(await response.json());

      expect(answer).toMatchObject({
        message: "Success",
        status: "charged",
        usage: { usage: "report", credits: 3 },
      });
      expect(charge).toMatchObject({
        status: "charged",
        usage: "report",
        resource: "r-1",
        credits: 3,
        id: expect.any(String),
      });
      expect(charge?.settledAt).toEqual(expect.any(Number));
      expect(unnamed(charge ?? {})).toEqual([]);
    }
  });

  it("of a charge with which ARES told the balance", async () => {
    const { ares, post } = world();
    ares.next(() => json(200, { message: "Success", user: { credits: 12.34 } }));

    expect(ChargeAnswer.parse(await (await post(report)).json()).user).toEqual({ credits: 12.34 });
  });

  it.each([
    ["charged", () => json(200, { message: "Success" }), {}],
    [
      "declined",
      () => json(402, { error: "Insufficient credits" }),
      { code: "insufficient_credits" },
    ],
    ["unknown", () => json(500, {}), {}],
  ] as const)("of the state of a charge: %s", async (status, reply, more) => {
    const { ares, post, get, key, clock } = world();
    const headers = { "Idempotency-Key": key() };
    ares.next(reply);
    await post(report, headers);

    for (const query of [`?charge=${headers["Idempotency-Key"]}`, "?usage=report&resource=r-1"]) {
      const { charge, serverTime } = ChargeStateAnswer.parse(await (await get(query)).json());

      expect(charge).toMatchObject({
        status,
        usage: "report",
        resource: "r-1",
        credits: 3,
        createdAt: clock.ms,
        ...more,
      });
      expect(unnamed(charge)).toEqual([]);
      expect(serverTime).toBe(clock.ms);
    }
  });

  it("of the state of a charge that is on its way", async () => {
    const { ares, post, get, key } = world();
    const headers = { "Idempotency-Key": key() };
    const read = new Promise<unknown>((answered) => {
      ares.next(async () => {
        answered(await (await get(`?charge=${headers["Idempotency-Key"]}`)).json());
        return json(200, { message: "Success" });
      });
    });
    await post(report, headers);

    expect(ChargeStateAnswer.parse(await read).charge.status).toBe("sending");
  });

  it("of the state of a charge that is not there", async () => {
    const { get, key } = world();

    for (const query of [`?charge=${key()}`, "?usage=report&resource=r-1"])
      expect(ChargeStateAnswer.parse(await (await get(query)).json()).charge).toEqual({
        status: "absent",
      });
  });

  it("of the user's own charges", async () => {
    const { ares, post, get } = world();
    await post(report);
    ares.next(() => json(500, {}));
    await post({ usage: "image" });

    const { charges } = ChargesAnswer.parse(await (await get("?charges=recent")).json());

    expect(charges.map(({ status }) => status).sort()).toEqual(["charged", "unknown"]);
    expect(charges.flatMap(unnamed)).toEqual([]);
  });
});

describe("an answer of the handler", () => {
  it.each(["", "?charges=recent", "?usage=report&resource=r-1"])(
    "is one user's own, and JSON only: GET %s",
    async (query) => {
      const { headers } = await world().get(query);

      expect(Object.fromEntries(headers)).toMatchObject(own);
    },
  );

  it("is one user's own, and JSON only: POST", async () => {
    expect(Object.fromEntries((await world().post(report)).headers)).toMatchObject(own);
  });
});

/** No cache may give the answer to another user, and no browser may take it for a page. */
const own = {
  "cache-control": "private, no-store",
  vary: "Cookie, Authorization",
  "x-content-type-options": "nosniff",
  "content-type": "application/json",
};

describe("an answer whose headers a bridge has lost", () => {
  it("still names the contract, in its body: a success, a read and a refusal", async () => {
    const { get, post } = world();
    for (const answer of [
      await get(),
      await post({ usage: "image" }),
      await post({ usage: "nothing" }),
    ])
      expect((await answer.json()).contract).toBe(1);
  });
});
