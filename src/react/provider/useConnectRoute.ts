import { useEffect, useState } from "react";
import { type AresClient, errorOf, within } from "../../client";

/** Stands in the address of the page to which a user comes back from ARES without a link. */
const FAILED = "ares_connect";
const START_MS = 10_000;
/** The route refuses an address that is longer by a few letters. */
const MOST_LETTERS = 1000;

/**
 * Sends the user to ARES by the route of `ares-react/connect`, and from there back to this page. Never resolves: the page is
 * left. A session in a cookie goes along by itself; one in a token is sent by POST.
 *
 * @throws {AresError} what the route refused, `network_error`, `auth_unavailable`
 */
export async function goToAres(client: AresClient, route: string): Promise<never> {
  const start = `${route}?${new URLSearchParams({ return: pageToReturnTo() })}`;
  const headers = await client.authorize();
  const isToken = headers.has("Authorization");
  const address = isToken ? await within(START_MS, addressFrom(client, start, headers)) : start;
  location.assign(address);
  return new Promise(() => {});
}

/** The page's address as the route takes it. A fragment stays in the browser: it may hold a secret. */
function pageToReturnTo(): string {
  const { origin, pathname, search } = location;
  const address = origin + pathname + search;
  return address.length > MOST_LETTERS || address.includes("\\") ? origin + pathname : address;
}

async function addressFrom(client: AresClient, start: string, headers: Headers): Promise<string> {
  // The route remembers the attempt in a cookie, also where it is of another origin of the same site.
  const response = await client.request(start, { method: "POST", headers, credentials: "include" });
  const { status, ok } = response;
  const body = await response.json().catch(() => undefined);
  if (ok && typeof body?.url === "string") return body.url;
  throw errorOf({ status, ok, contract: true, body });
}

/** True when this user has come back from ARES without a link. The address then says it no more: a reload is no failure. */
export function useFailedReturn(route: string | undefined, user: object): boolean {
  const [failedFor, setFailedFor] = useState<object>();
  const isRoute = route !== undefined;
  useEffect(() => {
    const address = new URL(location.href);
    if (!isRoute || !address.searchParams.has(FAILED)) return;
    address.searchParams.delete(FAILED);
    history.replaceState(history.state, "", address);
    setFailedFor(user);
  }, [isRoute, user]);
  return failedFor === user;
}
