import type { AresServer, Prices } from "ares-react/server";
import {
  type AresSimulator,
  aresHandlers,
  type BegunCharge,
  createAresSimulator,
  createTestServer,
  guideRoute,
  type SimulatedAccount,
  testPrices,
} from "ares-react/testing";
import { type Network, through } from "./network";
import { serveWorld } from "./worker";

/** The settings of a story's world, written to `parameters.ares`. The toolbar may overrule them. */
export interface WorldSettings {
  account?: SimulatedAccount;
  /** The user's balance, in credits. @default 698 */
  balance?: number;
  network?: Network;
  /** Charges from before the page was opened. */
  charges?: readonly BegunCharge[];
  /** Old prices that the page reads, while the server already has others. */
  oldPrices?: Record<string, number>;
  /** Serves the endpoint with the partner guide's own route file. */
  guide?: boolean;
  /** Shows the story this many times, as tabs of one browser. @default 1 */
  tabs?: number;
  /** False: the app brings no way to sign in, connect or renew. @default true */
  handlers?: boolean;
  /** The connect flow can't begin. */
  connectFails?: boolean;
  /** The app's way to render the route again. */
  refresh?: () => void;
  /** Scripts ARES's behaviour. */
  arrange?: (simulator: AresSimulator) => void;
  /** Parts to press, one after the other, as soon as they appear. Some states need a press. */
  presses?: readonly string[];
}

/** A story's own server, ARES and user. */
export interface World {
  id: string;
  endpoint: string;
  simulator: AresSimulator;
  /** The operator's actions. */
  charges: AresServer<Prices>["charges"];
  account: SimulatedAccount;
  /** The user whom the server takes for signed in. A story may sign the other one in. */
  user: "ada" | "bob";
  network: Network;
}

let count = 0;
const open = new Map<string, World>();

/** Opens a world: msw, in front of the kit's real server, in front of a simulator. */
export function createWorld(settings: WorldSettings): World {
  const {
    account = "connected",
    balance = 698,
    network = "ok",
    charges = [],
    oldPrices,
    guide,
    arrange,
  } = settings;
  // The id is random, so that no other world meets this world's stored keys.
  const id = `${++count}-${crypto.randomUUID().slice(0, 8)}`;
  const simulator = createAresSimulator({ users: { ada: balance, bob: 12 } });
  const of = (prices: Prices) =>
    createTestServer({
      simulator,
      account: () => world.account,
      user: () => world.user,
      timeoutMs: 60_000,
      charges,
      prices,
    });

  const { handler: serve, server } = of(testPrices);
  const serveOld = oldPrices && of({ ...testPrices, ...oldPrices }).handler;
  const world: World = {
    id,
    endpoint: "",
    simulator,
    charges: server.charges,
    account,
    user: "ada",
    network,
  };
  const guided = guide && guideRoute({ simulator, account: () => world.account });
  const handler = (request: Request) => {
    if (guided) return guided(request);
    const plainRead = request.method === "GET" && !new URL(request.url).search;
    return serveOld && plainRead ? serveOld(request) : serve(request);
  };

  arrange?.(simulator);
  world.endpoint = serveWorld(
    id,
    aresHandlers({ endpoint: `*/api/ares/${id}`, handler: through(() => world.network, handler) }),
  );
  open.set(id, world);
  return world;
}

/** The world of a story, for its `play`: to read ARES's book, or to cause an event. */
export function worldOf(canvas: HTMLElement): World {
  const world = open.get(canvas.querySelector<HTMLElement>("[data-world]")?.dataset.world ?? "");
  if (world) return world;
  throw new Error(
    "There is no world in this canvas. The story has set `parameters.ares` to false. Set it to {}.",
  );
}
