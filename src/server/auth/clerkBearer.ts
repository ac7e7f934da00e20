import type { verifyToken } from "@clerk/backend";
import * as z from "zod/mini";
import { within } from "../bounded";

/** A session as far as a charge needs to know. */
export interface BearerSession {
  userId: string;
  /** True for a session that impersonates its user. */
  impersonated: boolean;
}

/** Clerk's mark of a session token. Tokens of machines and templates have other marks. */
const SESSION_CATEGORY = "cl_B7d4PD111AAA";
const Header = /* @__PURE__ */ (() =>
  z.looseObject({ cat: z.optional(z.literal(SESSION_CATEGORY)) }))();

/** A machine's subject begins with `mch_`. A pending session has a status. */
const Claims = /* @__PURE__ */ (() =>
  z.looseObject({
    sub: z.string().check(z.regex(/^(?!mch_)./)),
    sts: z.optional(z.literal("active")),
    act: z.optional(z.unknown()),
  }))();

/**
 * The session of a token in the `Authorization` header, by Clerk's own `verifyToken` and `jwtKey` alone: signature, times and
 * `authorizedParties`. Null whenever there is any doubt. Clerk's whole check then decides, and knows the reason.
 */
export async function bearerSession(
  { headers }: Request,
  verify: typeof verifyToken,
  options: Parameters<typeof verifyToken>[1],
  timeoutMs: number,
): Promise<BearerSession | null> {
  const token = /^Bearer (\S+)$/.exec(headers.get("authorization") ?? "")?.[1];
  if (token === undefined || !Header.safeParse(headerOf(token)).success) return null;
  const claims = Claims.safeParse(
    await within(timeoutMs, verify(token, options)).catch(() => null),
  );
  return claims.success
    ? { userId: claims.data.sub, impersonated: Boolean(claims.data.act) }
    : null;
}

/** The header of a JWT, which nobody has verified yet. */
function headerOf(token: string): unknown {
  try {
    return JSON.parse(atob((token.split(".")[0] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return null;
  }
}
