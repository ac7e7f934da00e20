import { createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";

/** The messages that PostgreSQL answers: the first one, Sync, Query, Terminate, and a password. */
const COMPLETE = new Set(["first", "S", "Q", "X", "p"]);

/**
 * The real PostgreSQL, as PGlite, behind a socket: the app's `pg` speaks to it as to any server. All connections share
 * one session, so each waits for its turn, up to a Sync.
 */
export async function servePostgres() {
  const db = await PGlite.create();
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  /** @type {Promise<unknown>} */
  let turn = Promise.resolve();

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    const read = messages();
    /** @type {Buffer[]} */
    let batch = [];

    socket.on("data", (chunk) => {
      for (const { type, message } of read(chunk)) {
        if (type === "X") return void socket.end();
        batch.push(message);
        if (!COMPLETE.has(type)) continue;
        const whole = Buffer.concat(batch);
        batch = [];
        turn = turn
          .then(async () => socket.write(await db.execProtocolRaw(whole)))
          .catch(() => socket.destroy());
      }
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();

  return {
    url: `postgres://postgres@127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/postgres`,
    /** @param {string} sql */
    rows: async (sql) => {
      const asked = turn.then(() => db.query(sql));
      turn = asked.catch(() => {});
      return (await asked).rows;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await turn;
      await db.close();
    },
  };
}

/** Cuts what a connection receives into messages. The first message of a connection has no type before its length. */
function messages() {
  let unread = Buffer.alloc(0);
  let started = false;

  /** The next whole message, once all of it is there. */
  function next() {
    const head = started ? 1 : 0;
    if (unread.length < head + 4) return undefined;
    const size = head + unread.readUInt32BE(head);
    if (unread.length < size) return undefined;
    const message = unread.subarray(0, size);
    unread = unread.subarray(size);
    const type = started ? String.fromCharCode(message[0] ?? 0) : "first";
    started = true;
    return { type, message };
  }

  /** @param {Buffer} chunk */
  return function* read(chunk) {
    unread = Buffer.concat([unread, chunk]);
    for (let found = next(); found; found = next()) yield found;
  };
}
