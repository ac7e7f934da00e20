import type { AresServer, Prices } from "ares-react/server";
import {
  type AresSimulator,
  aresHandlers,
  createAresSimulator,
  createTestServer,
  guideRoute,
  type SimulatedAccount,
  testPrices,
} from "ares-react/testing";
import { type Network, through } from "./network";
import { serveWorld } from "./worker";

/** What a story is set in. It is written to `parameters.ares`; the toolbar may overrule it. */
export interface WorldSettings {
  account?: SimulatedAccount;
  /** What the user owns, in credits. @default 698 */
  balance?: number;
  network?: Network;
  /** The prices the page reads, where the server has moved on to others. */
  oldPrices?: Record<string, number>;
  /** The app serves at its own risk what ARES has not confirmed. */
  grants?: boolean;
  /** Serves the endpoint by the partner guide's own route file. */
  guide?: boolean;
  /** Shows the story so many times, as so many tabs of one browser. @default 1 */
  tabs?: number;
  /** The way to ARES can't begin. */
  connectFails?: boolean;
  /** Scripts what happens at ARES. */
  arrange?: (simulator: AresSimulator) => void;
  /** Parts that are pressed, one after the other, as soon as they are there: how a state is reached that needs a press. */
  presses?: readonly string[];
}

/** A server, an ARES and a user of a story's own. */
export interface World {
  id: string;
  endpoint: string;
  simulator: AresSimulator;
  /** The operator's hands. */
  charges: AresServer<Prices>["charges"];
  account: SimulatedAccount;
  network: Network;
}

let count = 0;
const open = new Map<string, World>();

/** Opens a world: msw, in front of the kit's real server, in front of a simulator. */
export function createWorld(settings: WorldSettings): World {
  const { account = "connected", balance = 698, network = "ok", oldPrices, guide, grants, arrange } = settings;
  // Random, so that a key kept in the browser's storage is never met by another world.
  const id = `${++count}-${crypto.randomUUID().slice(0, 8)}`;
  const simulator = createAresSimulator({ users: { ada: balance }, usageBody: "balance" });
  const of = (prices: Prices) => createTestServer({ simulator, account: () => world.account, timeoutMs: 60_000, prices });

  const { handler: serve, server } = of(grants ? { ...testPrices, report: { credits: 3, onUnknown: "grant" } } : testPrices);
  const serveOld = oldPrices && of({ ...testPrices, ...oldPrices }).handler;
  const world: World = { id, endpoint: "", simulator, charges: server.charges, account, network };
  const guided = guide && guideRoute({ simulator, account: () => world.account });
  const handler = (request: Request) => {
    if (guided) return guided(request);
    const plainRead = request.method === "GET" && !new URL(request.url).search;
    return serveOld && plainRead ? serveOld(request) : serve(request);
  };

  arrange?.(simulator);
  world.endpoint = serveWorld(id, aresHandlers({ endpoint: `*/api/ares/${id}`, handler: through(() => world.network, handler) }));
  open.set(id, world);
  return world;
}

/** The world a story is shown in, for its `play`: to read ARES's book, or to let something happen. */
export function worldOf(canvas: HTMLElement): World {
  const world = open.get(canvas.querySelector<HTMLElement>("[data-world]")?.dataset.world ?? "");
  if (world) return world;
  throw new Error("There is no world in this canvas. The story has set `parameters.ares` to false. Set it to {}.");
}
