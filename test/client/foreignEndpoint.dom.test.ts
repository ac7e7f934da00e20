import { afterEach, expect, it, vi } from "vitest";
import { createConnection } from "../../src/client/connection";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What the developer reads when the browser keeps the answer of an endpoint. */
async function toldOf(endpoint: string): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(console, "warn").mockImplementation((...words) => void lines.push(words.join(" ")));
  const { read } = createConnection({
    endpoint,
    fetch: () => Promise.reject(new TypeError("Failed to fetch")),
  });
  await expect(read()).rejects.toMatchObject({ code: "network_error" });
  return lines.join();
}

it("an endpoint of another origin that a page may not read names the option cors", async () => {
  const told = await toldOf("https://api.shop.example/api/ares");
  expect(told).toContain("https://api.shop.example/api/ares");
  expect(told).toContain("cors");
});

it("an endpoint of the page's own origin names no option", async () => {
  expect(await toldOf("/api/ares")).toBe("");
});

it("an address that is none is a network error, as before", async () => {
  expect(await toldOf("https://")).toBe("");
});

it("production prints nothing", async () => {
  vi.stubEnv("NODE_ENV", "production");
  expect(await toldOf("https://api.other.example/api/ares")).toBe("");
});
