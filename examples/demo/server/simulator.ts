import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { dropHeader } from "ares-react/testing";
import { accounts } from "./accounts";
import { listen } from "./listen";
import { openWorld } from "./world";

/**
 * The pretend ARES as its own service. When the app's server dies, this service goes on and keeps every deduction.
 * `/__sim/*` is its control desk; the real ARES has none.
 */
const world = openWorld(process.env.DEMO_DATA ?? ".", accounts);

await listen(
  async (request, { outgoing }) => {
    const answer = await world.serve(request);
    if (!answer.headers.has(dropHeader)) return answer;
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  },
  () => world.save(),
);
