import { getRequestListener } from "@hono/node-server";
import { ares } from "./ares";

// The handler reads the body itself.
export const config = { api: { bodyParser: false, externalResolver: true } };

export default getRequestListener(ares.handler);
