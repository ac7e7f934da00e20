import { describe, expect, it } from "vitest";
import { world } from "../world";

describe.each(["two\nlines", "\nfirst", "with \0 in it", "漢字", "🧾"])(
  "an access token that no header can carry: %j",
  (token) => {
    /** The runtime's own `fetch` refuses such a token before it connects. The refusal looks like a broken connection. */
    function unusable(renewed = token) {
      const w = world();
      let reads = 0;
      w.session.auth = {
        userId: "user-1",
        async getAccessToken({ refresh = false } = {}) {
          reads += 1;
          return refresh ? renewed : token;
        },
      };
      return { ...w, reads: () => reads };
    }

    it("is sent to nobody, and asks the user to connect again", async () => {
      const { ares, post, get, reads } = unusable();

      const refused = await post({ usage: "export-pdf" });

      expect([refused.status, (await refused.json()).code]).toEqual([401, "reconnect"]);
      expect((await (await get()).json()).code).toBe("reconnect");
      expect(ares.calls).toEqual([]);
      expect(reads()).toBe(4);
    });

    it("leaves the key free: with a good token it is charged, once", async () => {
      const { ares, post, get, key, session } = unusable();
      const headers = { "Idempotency-Key": key() };
      await post({ usage: "export-pdf" }, headers);
      expect(
        (await (await get(`?charge=${headers["Idempotency-Key"]}`)).json()).charge.status,
      ).toBe("absent");
      session.auth = { userId: "user-1", getAccessToken: async () => "good" };

      expect((await post({ usage: "export-pdf" }, headers)).status).toBe(200);
      expect((await post({ usage: "export-pdf" }, headers)).status).toBe(200);

      expect(ares.book).toHaveLength(1);
    });

    it("is replaced by the one that is read next", async () => {
      const { ares, post } = unusable("good");

      expect((await post({ usage: "export-pdf" })).status).toBe(200);
      expect(ares.calls).toEqual(["POST /v1/partner/usage"]);
    });

    it("never shows in an answer", async () => {
      const { post } = unusable();

      expect(await (await post({ usage: "export-pdf" })).text()).not.toContain(
        JSON.stringify(token).slice(1, -1),
      );
    });
  },
);
