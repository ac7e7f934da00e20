import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAresClient } from "../../src/client";
import { createTestServer } from "../../src/testing";

let warn = vi.spyOn(console, "warn");
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

let pages = 0;

/** A page in front of this kit's server, and of something that hands on its answers. */
function openPage(handOn: (answer: Response) => Response | Promise<Response>) {
  const server = createTestServer();
  pages += 1;
  return createAresClient({
    endpoint: `/api/ares?page=${pages}`,
    fetch: async (input, init) =>
      handOn(await server.fetch(String(input).replace(/\?page=\d+&?/, "?"), init)),
  });
}

/** What `res.status(a.status).json(await a.json())` makes of an answer. */
const withoutHeaders = async (answer: Response) =>
  Response.json(await answer.json(), { status: answer.status });

describe("an answer of this kit's server that lost its headers", () => {
  it("warns once on its page, and says what to do", async () => {
    const client = openPage(withoutHeaders);
    await client.getUser();
    await client.getUser();

    expect(warn).toHaveBeenCalledTimes(1);
    const [text] = warn.mock.calls[0] ?? [];
    expect(text).toMatch(/Ares-Contract/);
    expect(text).toMatch(/Access-Control-Expose-Headers/);
  });

  it("warns nobody in production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    await openPage(withoutHeaders).getUser();

    expect(warn).not.toHaveBeenCalled();
  });

  it("is neither an answer with its headers, nor an answer of another server", async () => {
    await openPage((answer) => answer).getUser();
    await openPage(() => Response.json({ message: "Success", user: { credits: 3 } })).getUser();

    expect(warn).not.toHaveBeenCalled();
  });
});
