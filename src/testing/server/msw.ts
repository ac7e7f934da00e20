import { HttpResponse, http } from "msw";

/** What the handlers are made with. */
export interface Msw {
  http: Pick<typeof http, "all">;
  HttpResponse: Pick<typeof HttpResponse, "error">;
}

/**
 * msw, for handlers alone. A bundle can't look for a package when it runs, so msw is part of it.
 * Under Node, `msw.node.ts` or `msw.cjs.ts` takes the place of this file.
 */
export function loadMsw(): Msw {
  return { http, HttpResponse };
}
