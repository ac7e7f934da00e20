import { Resource } from "../../contract";
import { digest } from "../charge/chargeId";
import { refuse } from "../refusals";

/** Who a use belongs to: the same key at another address is another request. */
export function requestMark({ method, url }: Request, key: string): Promise<string> {
  const { pathname, search } = new URL(url);
  return digest(["use", method, pathname + search, key]);
}

/** The resource that a request names. A function reads a copy, so that the handler still has the body. */
export async function resourceOf(
  named: string | ((request: Request) => string | Promise<string>) | undefined,
  request: Request,
): Promise<string | null> {
  if (named === undefined) return null;
  const copy = request.clone();
  const resource = Resource.safeParse(typeof named === "function" ? await named(copy) : named);
  if (copy.body && !copy.body.locked) void copy.body.cancel().catch(() => {});
  if (resource.success) return resource.data;
  throw refuse("invalid_request", {}, { message: "The request names no valid resource. Nothing was charged." });
}
