import { afterEach, describe, expect, it, vi } from "vitest";
import { createAresServer, memoryLedger } from "../../src/server";
import { prices, world } from "./world";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function printed() {
  const lines: string[] = [];
  vi.spyOn(console, "error").mockImplementation((...words) => void lines.push(words.join(" ")));
  return lines;
}

describe("an app without onError, in production", () => {
  it("is told once of each error of its sign-in: name and place, never the text", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const lines = printed();
    const throwing = async () => {
      throw new RangeError("canary-secret");
    };
    const { get } = world({ auth: throwing });

    await get();
    await get();

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/RangeError/);
    expect(lines[0]).toMatch(/muteFailures/);
    expect(lines.join()).not.toContain("canary");
  });

  it("is told of a userId that is no text, with the type and without the value", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const lines = printed();
    const { get } = world({
      auth: async () => ({ userId: 4711 as never, getAccessToken: async () => "t" }),
    });

    expect((await (await get()).json()).code).toBe("not_signed_in");

    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("userId");
    expect(lines[0]).toContain("number");
    expect(lines.join()).not.toContain("4711");
  });

  it("is told nothing of a visitor who is signed out", async () => {
    const lines = printed();
    await world({ auth: async () => null }).get("", { Cookie: "theme=dark" });
    expect(lines).toEqual([]);
  });

  it("prints nothing when it gave an onError", async () => {
    const lines = printed();
    const heard: unknown[] = [];
    const { get } = world({
      auth: () => Promise.reject(new Error("x")),
      onError: (error) => heard.push(error),
    });
    await get();
    expect([lines, heard.length]).toEqual([[], 1]);
  });
});

describe("a request that a bridge has broken", () => {
  it("is no web Request: the answer and the console say so", async () => {
    const lines = printed();
    const { server } = world();
    const express = {
      method: "POST",
      url: "/api/ares",
      headers: { host: "app.example" },
      body: { usage: "export-pdf" },
    };

    const answer = await server.handler(express as never);

    expect(await answer.json()).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("web Request"),
    });
    expect(lines.join()).toContain("web Request");
  });

  it("has no headers at all, as behind Next's force-static: the answer and the console say why nobody is signed in", async () => {
    const lines = printed();
    const { server } = world({ auth: async () => null });

    const answer = await server.handler(new Request("https://app.example/api/ares"));

    expect(await answer.json()).toMatchObject({
      code: "not_signed_in",
      message: expect.stringContaining("force-static"),
    });
    expect(lines.join()).toContain("force-static");
  });

  it("has a body that breaks off, as behind Next's body parser: the answer says what to change", async () => {
    const { server, key } = world();
    const headers = {
      "Content-Type": "application/json",
      "Sec-Fetch-Site": "same-origin",
      "Idempotency-Key": key(),
    };
    const body = new ReadableStream({
      start: (controller) => controller.error(new TypeError("disturbed")),
    });
    const request = new Request("https://app.example/api/ares", {
      method: "POST",
      headers,
      body,
      duplex: "half",
    } as RequestInit);

    expect(await (await server.handler(request)).json()).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("bodyParser: false"),
    });
  });

  it("had its body read before: the answer says so", async () => {
    const { server, key } = world();
    const headers = {
      "Content-Type": "application/json",
      "Sec-Fetch-Site": "same-origin",
      "Idempotency-Key": key(),
    };
    const request = new Request("https://app.example/api/ares", {
      method: "POST",
      headers,
      body: JSON.stringify({ usage: "export-pdf" }),
    });
    await request.text();

    expect(await (await server.handler(request)).json()).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("body was read before"),
    });
  });

  it("arrives empty though it names a length: the answer says that the body was read before", async () => {
    const { post } = world();
    expect(await (await post("", { "Content-Length": "24" })).json()).toMatchObject({
      message: expect.stringContaining("body was read before"),
    });
  });
});

describe("a POST without Origin and Authorization", () => {
  it("is told what is missing, and which option names other origins", async () => {
    const { server, key } = world();
    const headers = { "Content-Type": "application/json", "Idempotency-Key": key() };
    const bare = new Request("https://app.example/api/ares", {
      method: "POST",
      headers,
      body: "{}",
    });

    const { code, message } = await (await server.handler(bare)).json();

    expect(code).toBe("origin_rejected");
    for (const word of ["Origin", "Authorization", "origins"]) expect(message).toContain(word);
  });

  it("of another origin is told to name that origin in origins", async () => {
    const { post } = world();
    const { message } = await (
      await post(
        { usage: "export-pdf" },
        { "Sec-Fetch-Site": "same-site", Origin: "https://www.app.example" },
      )
    ).json();
    expect(message).toContain("origins");
  });
});

describe("an option that createAresServer does not know", () => {
  it("stops the start, by name", () => {
    const options = {
      clientId: "c",
      prices,
      auth: async () => null,
      ledger: memoryLedger(),
      ratelimit: false,
    };
    expect(() => createAresServer(options)).toThrow(/ratelimit/);
  });
});

describe("a usage without a price", () => {
  it.each([
    ["production", 'This app has no price for the usage "repotr". Nothing was charged.'],
    [
      "development",
      'This app has no price for the usage "repotr". Nothing was charged. It has prices for "export-pdf", "image", "report", "day", "mite".',
    ],
  ])("is named in the refusal, in %s", async (env, message) => {
    vi.stubEnv("NODE_ENV", env);
    const { post, server } = world();

    expect(await (await post({ usage: "repotr" })).json()).toMatchObject({
      code: "unknown_usage",
      usage: "repotr",
      message,
    });
    const request = new Request("https://app.example/", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "same-origin" },
    });
    await expect(server.charge(request, { usage: "repotr" } as never)).rejects.toMatchObject({
      code: "unknown_usage",
      message,
    });
  });
});
