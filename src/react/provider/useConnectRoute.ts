import { useEffect, useState } from "react";
import { type AresClient, errorOf } from "../../client";

/** Stands in the address of the page to which a user comes back from ARES without a link. */
const FAILED = "ares_connect";

/**
 * Sends the user to ARES by the route of `ares-react/connect`, and from there back to this page. Never resolves: the page is
 * left. A session in a cookie goes along by itself; one in a token is sent by POST.
 *
 * @throws {AresError} what the route refused, `network_error`, `auth_unavailable`
 */
export async function goToAres(client: AresClient, route: string): Promise<never> {
  const start = `${route}?${new URLSearchParams({ return: location.href })}`;
  const headers = await client.authorize();
  location.assign(headers.has("Authorization") ? await addressFrom(client, start, headers) : start);
  return new Promise(() => {});
}

async function addressFrom(client: AresClient, start: string, headers: Headers): Promise<string> {
  // The route remembers the attempt in a cookie, also where it is of another origin.
  const response = await client.request(start, { method: "POST", headers, credentials: "include" });
  const { status, ok } = response;
  const body = await response.json().catch(() => undefined);
  if (ok && typeof body?.url === "string") return body.url;
  throw errorOf({ status, ok, contract: true, body });
}

/** True when the user has come back from ARES without a link. The address then says it no more: a reload is no failure. */
export function useFailedReturn(route: unknown): boolean {
  const [failed, setFailed] = useState(false);
  const isRoute = typeof route === "string";
  useEffect(() => {
    const address = new URL(location.href);
    if (!isRoute || !address.searchParams.has(FAILED)) return;
    address.searchParams.delete(FAILED);
    history.replaceState(history.state, "", address);
    setFailed(true);
  }, [isRoute]);
  return failed;
}
