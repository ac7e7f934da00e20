import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { fromPg } from "../../src/server";

const pool = () => Object.assign(new EventEmitter(), { query: async () => ({ rows: [] }) });

describe("fromPg", () => {
  it("warns of a pool without an error listener, which a restart of PostgreSQL would end the process through", () => {
    const quiet = pool();
    expect(fromPg(quiet).warnings?.()).toEqual([expect.stringContaining('pool.on("error"')]);
    quiet.on("error", () => {});
    expect(fromPg(quiet).warnings?.()).toEqual([]);
  });

  it("says nothing of a client that has no listeners at all", () => {
    expect(fromPg({ query: async () => ({ rows: [] }) }).warnings?.()).toEqual([]);
  });
});
