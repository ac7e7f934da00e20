import { Hono } from "hono";
import { readSession } from "./session";

/** Stands for the app's own check of a password. */
const isRight = (name: string, password: string) => name !== "" && password.length > 8;

export const routes = new Hono()
  .post("/sign-in", async ({ req }) => {
    const { name, password } = await req.json();
    if (!isRight(name, password)) return new Response(null, { status: 401 });
    const response = new Response(null, { status: 204 });
    const session = await readSession(req.raw, response);
    session.userId = `user-${name}`;
    await session.save();
    return response;
  })
  .post("/sign-out", async ({ req }) => {
    const response = new Response(null, { status: 204 });
    (await readSession(req.raw, response)).destroy();
    return response;
  });
