import { Buffer } from "node:buffer";
import { connect } from "node:net";
import * as z from "zod/mini";
import { eventually } from "../demo";
import type { Send } from "./webDriver";

const Answer = z.object({ value: z.unknown() });
const Session = z.object({ sessionId: z.string() });
const Reply = z.tuple([
  z.literal(1),
  z.number(),
  z.nullable(z.object({ message: z.string() })),
  z.unknown(),
]);

/** A session of a driver that speaks WebDriver over HTTP. */
export async function httpSender(driver: string, capabilities: object) {
  async function request(method: string, path: string, body: object): Promise<unknown> {
    const answer = await fetch(driver + path, {
      method,
      headers: { "Content-Type": "application/json" },
      ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
    });
    const { value } = Answer.parse(await answer.json());
    if (!answer.ok) throw new Error(JSON.stringify(value));
    return value;
  }
  await eventually(
    () => request("GET", "/status", {}),
    () => true,
  );
  const opened = await request("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
  const { sessionId } = Session.parse(opened);
  return ([method, path]: readonly [string, string, string?], body: object) =>
    request(method, `/session/${sessionId}${path}`, body);
}

/** The socket of Firefox, which speaks WebDriver with a length before each message. */
export async function marionetteSender(port: number) {
  const socket = connect(port, "127.0.0.1");
  const waiting = new Map<number, (reply: z.infer<typeof Reply>) => void>();
  let received = Buffer.alloc(0);
  let count = 0;
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (let colon = received.indexOf(":"); colon > 0; colon = received.indexOf(":")) {
      const end = colon + 1 + Number(received.subarray(0, colon));
      if (received.length < end) return;
      const reply = Reply.safeParse(JSON.parse(received.subarray(colon + 1, end).toString()));
      received = received.subarray(end);
      if (reply.success) waiting.get(reply.data[1])?.(reply.data);
    }
  });
  await new Promise<void>((resolve, reject) =>
    socket.once("connect", resolve).once("error", reject),
  );

  function command(name: string, parameters: object): Promise<unknown> {
    const id = ++count;
    const text = JSON.stringify([0, id, name, parameters]);
    return new Promise((resolve, reject) => {
      waiting.set(id, ([, , error, result]) => {
        waiting.delete(id);
        if (error) return reject(new Error(`${name}: ${error.message}`));
        const boxed = Answer.safeParse(result);
        resolve(boxed.success && boxed.data.value !== undefined ? boxed.data.value : result);
      });
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  }
  const send: Send = ([, , name], body) => command(`WebDriver:${name}`, body);
  return { command, send, close: () => socket.destroy() };
}
