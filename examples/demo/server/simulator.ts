import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { dropHeader } from "ares-react/testing";
import { accounts } from "./accounts";
import { listen } from "./listen";
import { openWorld } from "./world";

/**
 * The pretend ARES, as a service of its own: it goes on, and remembers every deduction, when the app's server dies.
 * `/__sim/*` is its control desk; ARES has none.
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
