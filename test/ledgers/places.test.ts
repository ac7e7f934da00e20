import { rmSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { describe, expect, test } from "vitest";
import { fromLibsql, redisLedger, type SqlQuery, sqlLedger } from "../../src/server";
import { world } from "../server/world";
import { newFolder } from "./newFolder";

const noScript = async () => "epoch 0 0";

describe("where a ledger stands", () => {
  test("is the file of SQLite, without a number of rows, which SQLite would have to count", async () => {
    const folder = newFolder("places");
    const url = `file:${join(folder, "ledger.db")}`;
    const client = createClient({ url });
    const { store } = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });

    expect(await store?.place?.()).toEqual({ host: expect.stringMatching(/^file .*ledger\.db$/) });
    client.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each<[string, object, object]>([
    [
      "database and address, and the estimate of the rows",
      { database: "shop", address: "10.0.0.5", port: 5432, rows: "12345" },
      { host: "database shop at 10.0.0.5:5432", rows: 12345 },
    ],
    [
      "the database alone, over a socket, before the table was ever analyzed",
      { database: "shop", address: null, port: null, rows: "-1" },
      { host: "database shop" },
    ],
  ])("is in PostgreSQL %s", async (_, row, place) => {
    const query: SqlQuery = async () => ({ rows: [row] });
    const { store } = sqlLedger({ dialect: "postgres", query });
    expect(await store?.place?.()).toEqual(place);
  });

  test("is untold by a Redis that refuses to tell, and by one without commands", async () => {
    const refusing = async () => Promise.reject(new Error("NOPERM"));
    expect(await redisLedger({ eval: noScript, command: refusing }).store?.place?.()).toEqual({});
    expect(await redisLedger({ eval: noScript }).store?.place?.()).toEqual({});
  });

  test("may stay untold: the book is opened all the same", async () => {
    const { server, ledger } = world();
    const { store = { engine: "memory", name: "" } } = ledger;
    const silent = { ...store, place: () => Promise.reject(new Error("no such function")) };
    const untold = world({ ledger: { ...ledger, store: silent } });

    const book = await untold.server.charges.book();
    expect(book).toEqual(await server.charges.book());
    expect([book.host, book.rows]).toEqual([undefined, undefined]);
  });
});
