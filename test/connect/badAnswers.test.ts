import { describe, expect, it } from "vitest";
import { connectWorld } from "./connectWorld";

const MINUTE = 60_000;
const KIB = 1024;

/** An app whose token endpoint answers as a test says, once there is something to say. */
function world() {
  let answer: (() => Response) | undefined;
  const sent: URLSearchParams[] = [];
  const made = connectWorld({
    ares: {
      async fetch(input, init) {
        if (!answer || !input.endsWith("/oauth/token")) return made.simulator.fetch(input, init);
        sent.push(new URLSearchParams(String(init.body)));
        return answer();
      },
    },
  });
  return {
    ...made,
    sent,
    says(next: (() => Response) | undefined) {
      answer = next;
    },
    token: () => Promise.resolve(made.server().connection.auth.forUser("user-1").getAccessToken()),
  };
}

const tokens = (more: object = {}) =>
  JSON.stringify({
    access_token: "at-new",
    refresh_token: "rt-new",
    token_type: "Bearer",
    ...more,
  });
const json = (body: string) => () => new Response(body, { status: 200 });
/** A body of exactly so many bytes. */
const padded = (bytes: number) => {
  const bare = tokens({ pad: "" });
  return tokens({ pad: "x".repeat(bytes - bare.length) });
};

const unusable: [string, () => Response][] = [
  ["a body of 64 KiB and a byte", json(padded(64 * KIB + 1))],
  ["no JSON", json("<html>Welcome</html>")],
  ["half of a JSON", json(tokens().slice(0, 30))],
  ["nothing", json("")],
  ["a list", json("[]")],
  ["an access token of 20 kB", json(tokens({ access_token: "a".repeat(20_000) }))],
];

describe("an answer of the token endpoint with", () => {
  it.each(unusable)("%s keeps the link, and is asked for again", async (_, bad) => {
    const { browser, clock, says, token, row, simulator } = world();
    await browser.connect();
    clock.ms += 30 * MINUTE;
    const { version, accessToken } = row() ?? {};
    says(bad);

    await expect(token()).rejects.toMatchObject({ code: "auth_unavailable" });
    expect(row()).toMatchObject({ version, accessToken, ended: false, step: "stored" });
    says(undefined);
    clock.ms += 6_000;
    await token().catch(() => {});
    expect(simulator.requests.token).toBe(2);
  });

  it.each(unusable)("%s at the callback stores nothing, and says so in words", async (_, bad) => {
    const { browser, says, rows } = world();
    const callback = await browser.toCallback();
    says(bad);

    const answer = await browser.go(callback);
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([
      503,
      "text/html; charset=utf-8",
    ]);
    expect(rows.size).toBe(0);
  });

  it("64 KiB to the byte is read", async () => {
    const { browser, clock, says, token } = world();
    await browser.connect();
    clock.ms += 30 * MINUTE;
    says(json(padded(64 * KIB)));

    expect(await token()).toBe("at-new");
  });

  it("a body without end is left after 64 KiB", async () => {
    const { browser, clock, says, token } = world();
    await browser.connect();
    clock.ms += 30 * MINUTE;
    let [given, isLeft] = [0, false];
    says(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              given += KIB;
              controller.enqueue(new Uint8Array(KIB));
            },
            cancel() {
              isLeft = true;
            },
          }),
        ),
    );

    await expect(token()).rejects.toMatchObject({ code: "auth_unavailable" });
    expect(isLeft).toBe(true);
    expect(given).toBeLessThan(80 * KIB);
  });

  it.each([undefined, null, 0, -1800, 1e12, "soon"])(
    "expires_in %s is used for half an hour, and then renewed",
    async (expires_in) => {
      const { browser, clock, says, token, row } = world();
      await browser.connect();
      clock.ms += 30 * MINUTE;
      says(json(tokens({ expires_in })));

      expect(await token()).toBe("at-new");
      expect((row()?.expiresAt ?? 0) - clock.ms).toBe(30 * MINUTE);
      says(json(tokens({ access_token: "at-newer", expires_in })));
      clock.ms += 29 * MINUTE - 1;
      expect(await token()).toBe("at-new");
      clock.ms += 1;
      expect(await token()).toBe("at-newer");
    },
  );

  it("a refresh token of 20 kB is kept, and sent back whole", async () => {
    const { browser, clock, says, token, sent } = world();
    await browser.connect();
    clock.ms += 30 * MINUTE;
    says(json(tokens({ refresh_token: "r".repeat(20_000), expires_in: 1800 })));

    expect(await token()).toBe("at-new");
    clock.ms += 29 * MINUTE;
    expect(await token()).toBe("at-new");
    expect(sent.at(-1)?.get("refresh_token")).toBe("r".repeat(20_000));
  });
});
