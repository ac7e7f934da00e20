import { Hono } from "hono";
import { NextRequest } from "next/server";
import { handlers } from "./auth";

export const routes = new Hono()
  .get("/api/auth/*", ({ req }) => handlers.GET(new NextRequest(req.raw)))
  .post("/api/auth/*", ({ req }) => handlers.POST(new NextRequest(req.raw)));
