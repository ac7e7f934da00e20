import { afterEach, describe, expect, it, vi } from "vitest";
import { createConnection } from "../../src/client/connection";

const answering = (headers: Record<string, string>) =>
  createConnection({
    endpoint: "/api/ares",
    fetch: async () => Response.json({ message: "Success" }, { headers }),
  });
const banners = () =>
  [...document.querySelectorAll("#ares-pretend")].map(({ textContent }) => textContent);
const contract = { "Ares-Contract": "1" };

afterEach(() => {
  vi.unstubAllEnvs();
  document.getElementById("ares-pretend")?.remove();
});

describe("the page of a server that pretends", () => {
  it("shows one banner, after any number of answers", async () => {
    const connection = answering({ ...contract, "Ares-Pretend": "1" });
    await connection.read();
    await connection.read();
    expect(banners()).toEqual(["Pretend ARES: no real credits move."]);
  });

  it("shows none where the server is real", async () => {
    await answering(contract).read();
    expect(banners()).toEqual([]);
  });

  it("shows it in a production build too: a preview deployment pretends", async () => {
    vi.stubEnv("NODE_ENV", "production");
    await answering({ ...contract, "Ares-Pretend": "1" }).read();
    expect(banners()).toHaveLength(1);
  });
});
