import { Hono } from "hono";
import { auth } from "./auth";

export const routes = new Hono().on(["GET", "POST"], "/api/auth/*", ({ req }) =>
  auth.handler(req.raw),
);
