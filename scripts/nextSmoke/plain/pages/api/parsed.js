import { getRequestListener } from "@hono/node-server";
import { ares } from "../../lib/ares";

/** A mistake: Next's body parser reads the body before the handler does. */
export default getRequestListener(ares.handler);
