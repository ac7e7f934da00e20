import * as z from "zod/mini";
import { AresRoute, type Knobs } from "./knobs";

/**
 * What can go wrong between an app and ARES. `before`: ARES did nothing. `after`: ARES did its work, a deduction
 * included, and the caller never hears of it properly.
 */
export const FaultName = z.enum([
  "drop-before-charge",
  "drop-after-charge",
  "refused",
  "dns-failure",
  "connect-timeout",
  "cut-body-after",
  "stall-body-after",
  "hang",
  "hang-after-charge",
  "slow",
  "500-before",
  "500-after",
  "502-after",
  "503-before",
  "garbage-200-after",
  "empty-200-after",
  "huge-200-after",
  "error-200-after",
  "html-200-before",
  "not-success-200",
  "302",
  "401",
  "403",
  "403-expired",
  "404",
  "insufficient",
  "429",
  "429-retry-after",
]);
export type FaultName = z.infer<typeof FaultName>;

/** Every fault that has a name, for a list to choose from. */
export const faultNames: readonly FaultName[] = FaultName.options;

/** An answer of one's own, for what no name covers. `charges`: ARES does its work first. */
export const FaultAnswer = z.strictObject({
  status: z.int().check(z.minimum(200), z.maximum(599)),
  body: z.optional(z.string()),
  headers: z.optional(z.record(z.string(), z.string())),
  charges: z.optional(z.boolean()),
});
export type FaultAnswer = z.infer<typeof FaultAnswer>;

/** When a scripted fault strikes. */
export const FaultOptions = z.strictObject({
  /** How many requests it strikes. @default 1 */
  times: z.optional(z.union([z.int().check(z.positive()), z.literal("always")])),
  /** The route of ARES that the fault strikes. @default "usage": the next charge */
  on: z.optional(AresRoute),
  /** How long `slow` takes. @default 3000 */
  ms: z.optional(z.number().check(z.minimum(0), z.maximum(10 * 60 * 1000))),
  /** What `429-retry-after` says. @default 2 */
  retryAfterSeconds: z.optional(z.number().check(z.minimum(0))),
});
export type FaultOptions = z.infer<typeof FaultOptions>;

/** A fault, with everything needed to act it out. `charges` says whether ARES does its work. */
export type Fault =
  | {
      type: "error";
      charges: boolean;
      code: "ECONNRESET" | "ECONNREFUSED" | "ENOTFOUND" | "UND_ERR_CONNECT_TIMEOUT";
    }
  | { type: "hang"; charges: boolean }
  | { type: "broken-body"; charges: boolean; how: "cut" | "stall" }
  | { type: "slow"; ms: number }
  | { type: "answer"; charges: boolean; answer: () => Response };

const page =
  "<!doctype html><title>Sign in to this network</title><p>Accept the terms to go on.</p>";
const html = { "Content-Type": "text/html; charset=utf-8" };
const json = { "Content-Type": "application/json; charset=utf-8" };

/** Reads a fault's name, or an answer of one's own, into what happens. */
export function faultOf(
  fault: FaultName | FaultAnswer,
  options: FaultOptions,
  knobs: () => Knobs,
): Fault {
  if (typeof fault !== "string") {
    const { status, body, headers, charges = false } = fault;
    const text = status === 204 || status === 205 || status === 304 ? null : (body ?? "");
    return {
      type: "answer",
      charges,
      answer: () => new Response(text, { status, headers: headers ?? json }),
    };
  }

  const says = (
    charges: boolean,
    status: number,
    body: string | null,
    headers: Record<string, string> = json,
  ): Fault => ({
    type: "answer",
    charges,
    answer: () => new Response(body, { status, headers }),
  });
  const refuses = (status: number, error: string, headers = {}) =>
    says(false, status, JSON.stringify({ error }), { ...json, ...headers });

  switch (fault) {
    case "drop-before-charge":
      return { type: "error", charges: false, code: "ECONNRESET" };
    case "drop-after-charge":
      return { type: "error", charges: true, code: "ECONNRESET" };
    case "refused":
      return { type: "error", charges: false, code: "ECONNREFUSED" };
    case "dns-failure":
      return { type: "error", charges: false, code: "ENOTFOUND" };
    case "connect-timeout":
      return { type: "error", charges: false, code: "UND_ERR_CONNECT_TIMEOUT" };
    case "cut-body-after":
      return { type: "broken-body", charges: true, how: "cut" };
    case "stall-body-after":
      return { type: "broken-body", charges: true, how: "stall" };
    case "hang":
      return { type: "hang", charges: false };
    case "hang-after-charge":
      return { type: "hang", charges: true };
    case "slow":
      return { type: "slow", ms: options.ms ?? 3000 };
    case "500-before":
      return refuses(500, "Internal server error");
    case "500-after":
      return says(true, 500, JSON.stringify({ error: "Internal server error" }));
    case "502-after":
      return says(true, 502, "<html><title>502 Bad Gateway</title></html>", html);
    case "503-before":
      return says(false, 503, "<html><title>503 Service Unavailable</title></html>", html);
    case "garbage-200-after":
      return says(true, 200, '{"message":"Succ');
    case "empty-200-after":
      return says(true, 200, "");
    case "huge-200-after":
      return says(true, 200, `{"message":"Success","padding":"${"x".repeat(2 ** 20)}"}`);
    case "error-200-after":
      return says(
        true,
        200,
        JSON.stringify({ message: "Success", error: "Could not write the line item" }),
      );
    case "html-200-before":
      return says(false, 200, page, html);
    case "not-success-200":
      return says(false, 200, JSON.stringify({ message: "Failed" }));
    case "302":
      return says(false, 302, null, { Location: "https://joinares.com/oauth" });
    case "401":
      return refuses(401, "Invalid token");
    case "403":
      return refuses(403, "Forbidden");
    case "403-expired":
      return refuses(403, "Token expired");
    case "404":
      return refuses(404, "Not found");
    case "insufficient":
      return {
        type: "answer",
        charges: false,
        answer: () =>
          Response.json(
            { error: knobs().insufficientText },
            { status: knobs().insufficientStatus },
          ),
      };
    case "429":
      return refuses(429, "Too many requests");
    case "429-retry-after":
      return refuses(429, "Too many requests", {
        "Retry-After": String(options.retryAfterSeconds ?? 2),
      });
  }
}
