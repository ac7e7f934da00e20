import type { AresClient } from "./createAresClient";

/**
 * Calls any endpoint of the app as the same user. The session's token goes to the app's own origins alone, and a token
 * of the call's own wins. @throws {AresError} `network_error`, `auth_unavailable`
 */
export async function callApp(
  client: AresClient,
  url: string | URL,
  init: RequestInit,
): Promise<Response> {
  const { authorize, request } = client;
  if (!isOwnAddress(client, url)) return request(url, init);
  return request(url, { ...init, headers: await authorize(init.headers) });
}

/** True for an address of the page's origin, of the endpoint's, or of one that the app has named. */
export function isOwnAddress({ options }: AresClient, url: string | URL): boolean {
  const { endpoint, origins = [] } = options;
  const page = globalThis.location?.href;
  const originOf = (address: string | URL) =>
    URL.canParse(address, page) ? new URL(address, page).origin : undefined;
  const own = [page, endpoint, ...origins].map((address) => address && originOf(address));
  // Plain JavaScript may pass a Request, whose text is no address.
  const origin = originOf(url instanceof Request ? url.url : url);
  return origin !== undefined && own.includes(origin);
}
