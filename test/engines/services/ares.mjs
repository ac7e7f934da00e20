/** The pretend ARES as its own service. Its book outlives every server that asks it. */
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { createAresSimulator, dropHeader } from "ares-react/testing";
import { listen, readSetup } from "./listen.mjs";

const { users } = readSetup();
const simulator = createAresSimulator({ users });

listen(async (request, { outgoing }) => {
  const answer = await simulator.serve(request);
  if (!answer.headers.has(dropHeader)) return answer;
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
});
