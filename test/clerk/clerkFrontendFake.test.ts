import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { createClerkFake } from "./fake/clerkFake";

const Client = z.object({
  response: z.object({
    updated_at: z.number(),
    sessions: z.tuple([z.object({ last_active_token: z.object({ jwt: z.string() }) })]),
  }),
});
const Claims = z.object({ iat: z.number() });

describe("the pretend Frontend API", () => {
  it("hands out no session token from before the client's own time, however slow the answer is", async () => {
    // Every look at the clock takes a second here.
    let at = 1_700_000_000_000;
    const clerk = await createClerkFake({
      users: [{ id: "user_ann" }],
      now: () => {
        at += 1000;
        return at;
      },
    });
    clerk.signIn("user_ann");

    const answer = await clerk.frontend(new Request("https://fake.clerk.accounts.dev/v1/client"));

    const { response } = Client.parse(await answer.json());
    const [session] = response.sessions;
    const claims = Claims.parse(
      JSON.parse(atob(session.last_active_token.jwt.split(".")[1] ?? "")),
    );
    expect(response.updated_at).toBeLessThanOrEqual(claims.iat * 1000);
  });
});
