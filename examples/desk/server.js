import { serve } from "@hono/node-server";
import { ares } from "./ares.js";
import { createDesk } from "./desk.js";
import { createSignIn } from "./signIn.js";

const { DESK_OPERATORS, DESK_SECRET, NODE_ENV, PORT = "3100" } = process.env;
if (!DESK_OPERATORS || !DESK_SECRET) {
  console.error("DESK_OPERATORS and DESK_SECRET are missing. README.md says how to make them.");
  process.exit(2);
}

const signIn = createSignIn({
  operators: JSON.parse(DESK_OPERATORS),
  secret: DESK_SECRET,
  secure: NODE_ENV === "production",
});
const desk = createDesk({ charges: ares.charges, signIn });
serve({ fetch: desk, port: Number(PORT) }, ({ port }) => console.log(`http://localhost:${port}`));
