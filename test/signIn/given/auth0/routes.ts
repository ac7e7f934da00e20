import { Hono } from "hono";
import { NextRequest } from "next/server";
import { auth0 } from "./auth0";

/** In Next.js the same line stands in `proxy.ts`. */
export const routes = new Hono().all("/auth/*", ({ req }) =>
  auth0.middleware(new NextRequest(req.raw)),
);
