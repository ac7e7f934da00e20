import { getRequestListener } from "@hono/node-server";
import { connection } from "./ares";

// The handler reads the body itself.
export const config = { api: { bodyParser: false, externalResolver: true } };

export default getRequestListener(connection.handler);
