import { getResponse, http, type RequestHandler } from "msw";
import { setupWorker } from "msw/browser";

const worlds = new Map<string, readonly RequestHandler[]>();

async function answer(request: Request): Promise<Response> {
  const id = new URL(request.url).pathname.split("/").at(-1) ?? "";
  const response = await getResponse([...(worlds.get(id) ?? [])], request);
  return response ?? new Response("This world has ended.", { status: 404 });
}

/** Vitest serves its page under its own path, and the worker from the root. A static site may lie under any path. */
const workerUrl = import.meta.env.VITEST
  ? "/mockServiceWorker.js"
  : new URL("mockServiceWorker.js", document.baseURI).pathname;

async function start(): Promise<boolean> {
  // On plain http, a browser has service workers only on localhost.
  if (!navigator.serviceWorker) return false;
  const worker = setupWorker(http.all("*/api/ares/:world", ({ request }) => answer(request)));
  try {
    await worker.start({
      quiet: true,
      serviceWorker: { url: workerUrl },
      onUnhandledRequest: "bypass",
    });
    return true;
  } catch {
    return false;
  }
}

let hasWorker = true;

/** Resolves once the stories' requests are answered: by msw's worker, or in the page itself without a worker. */
export const networkReady = start().then((started) => {
  hasWorker = started;
});

/** Opens one story's own endpoint, so that several stories on a page don't meet. */
export function serveWorld(id: string, handlers: readonly RequestHandler[]): string {
  worlds.set(id, handlers);
  return `/api/ares/${id}`;
}

/** The browser's own fetch, or the same handlers without a worker. */
export const storyFetch: typeof fetch = async (input, init) => {
  if (hasWorker) return fetch(input, init);
  const request = new Request(
    input instanceof Request ? input : new URL(input, document.baseURI),
    init,
  );
  const response = await answer(request);
  if (response.type === "error") throw new TypeError("Failed to fetch");
  return response;
};
