import { getRequestListener } from "@hono/node-server";
import { connection } from "./ares";

/** The way to ARES and back. */
export const connectRoute = getRequestListener(connection.handler);
