import { HttpResponse, http } from "msw";
import { type AresHandlersOptions, type MswHandlers, mswHandlers } from "./mswHandlers";

/**
 * Creates msw handlers that serve an app's ARES endpoint: the kit's real server, in front of a simulator.
 *
 * Only these handlers need msw (`npm install -D msw`). Under Node the first call loads it.
 *
 * Pass a simulator of your own to script faults and to read the book; without one there is one user with 698 credits.
 *
 * @example
 * const simulator = createAresSimulator({ users: { ada: 698 } })
 * const server = setupServer(...aresHandlers({ simulator, prices }))
 */
// A bundle can't look for a package when it runs, so msw is part of it. `scripts/testingDoors` says who takes another file.
export function aresHandlers(options: AresHandlersOptions = {}): MswHandlers {
  return mswHandlers({ http, HttpResponse }, options);
}
