import { getRequestListener } from "@hono/node-server";
import { ares } from "./ares";

/** The handler reads the body itself, so this route stands above express.json(). */
export const aresRoute = getRequestListener(ares.handler);
