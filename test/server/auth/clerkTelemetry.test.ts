import { afterEach, expect, it, vi } from "vitest";
import { clerkAuth } from "../../../src/server";
import { createClerkFake } from "../../clerk/fake/clerkFake";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Every client that Clerk's package has made. */
const made = vi.hoisted((): { telemetry: { isEnabled: boolean } }[] => []);
vi.mock("@clerk/backend", async (load) => {
  const clerk = await load<typeof import("@clerk/backend")>();
  const createClerkClient: typeof clerk.createClerkClient = (options) => {
    const client = clerk.createClerkClient(options);
    made.push(client);
    return client;
  };
  return { ...clerk, createClerkClient };
});

it("clerkAuth makes a Clerk that reports nothing of the app to anybody", async () => {
  vi.stubEnv("CLERK_TELEMETRY_DISABLED", "");
  vi.stubEnv("CI", "");
  vi.spyOn(console, "info").mockImplementation(() => {});
  vi.spyOn(console, "log").mockImplementation(() => {});
  const { publishableKey, secretKey, jwtKey, sessionToken } = await createClerkFake({
    users: [{ id: "user_ann" }],
  });
  const { createClerkClient } = await import("@clerk/backend");
  expect(createClerkClient({ publishableKey, secretKey }).telemetry.isEnabled).toBe(true);
  made.length = 0;

  const auth = clerkAuth({
    publishableKey,
    secretKey,
    jwtKey,
    authorizedParties: ["https://app.example"],
  });
  await auth(
    new Request("https://app.example/api/ares", {
      headers: { Authorization: `Bearer ${await sessionToken("user_ann")}` },
    }),
  );

  expect(made.map(({ telemetry }) => telemetry.isEnabled)).toEqual([false]);
});
