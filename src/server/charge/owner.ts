import { digest, termsOf } from "../../contract";
import { refuse } from "../refusals";
import type { Intent } from "./intent";

/** The owner: an opaque digest of a user, which a page sends back with each charge: two windows of one browser may show two users. */
export async function ownerOf(clientId: string, userId: string): Promise<string> {
  return (await digest(["owner", clientId, userId])).slice(0, 22);
}

/** Who sends a request, and whom its page shows: by the key, and by itself where it names an owner. */
export interface Shown extends Pick<Intent, "shownOwner"> {
  userId: string;
  key?: string;
}

/** Refuses a request of a page that shows another user. @throws {AresError} `other_user` */
export async function refuseOtherUser(
  clientId: string,
  { userId, key = "", shownOwner }: Shown,
): Promise<void> {
  const shown = [shownOwner, termsOf(key).owner].filter((owner) => owner !== undefined);
  // The guide's button and curl name nobody.
  if (shown.length === 0) return;
  const owner = await ownerOf(clientId, userId);
  if (shown.some((other) => other !== owner)) throw refuse("other_user");
}
