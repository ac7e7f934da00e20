import { AresError, type Authenticate } from "ares-react/server";
import { type Account, accounts, newcomer, nobody } from "./accounts";
import type { ControlDesk } from "./controlDesk";

/** The demo's stand-in for a session: the browser's account, and whether the visitor has connected it to ARES by hand. */
export const sessionCookie = "demo-account";

/** The visitor's account. The cookie holds the account's id, with `.connected` once the visitor pressed Connect ARES. */
export function accountOf(request: Request): Account | null {
  // A terminal has no cookie: `Authorization: Bearer demo-ada`.
  const bearer = /^Bearer demo-([\w.-]+)$/.exec(request.headers.get("Authorization") ?? "")?.[1];
  const cookie = new RegExp(`(?:^|;\\s*)${sessionCookie}=([\\w.-]+)`).exec(
    request.headers.get("Cookie") ?? "",
  )?.[1];
  const [id, connected] = (bearer ?? cookie ?? accounts[0]?.id ?? nobody).split(".");
  const account = accounts.find((each) => each.id === id) ?? newcomer(id ?? "");
  if (!account) return null;
  return connected === undefined ? account : { ...account, connection: "connected" };
}

/** Stands for `clerkAuth` of an app with Clerk: who sent the request, and their ARES access token. */
export function demoAuth(desk: ControlDesk): Authenticate {
  return async (request) => {
    const account = accountOf(request);
    if (!account) return null;
    return {
      userId: account.id,
      async getAccessToken({ refresh = false } = {}) {
        if (account.connection === "not_connected") return null;
        if (account.connection === "reconnect") {
          throw new AresError(
            "reconnect",
            "The connection to ARES has ended. Nothing was charged. Connect ARES again.",
          );
        }
        return desk.tokenOf(account.id, refresh ? "refresh" : "current");
      },
    };
  };
}
