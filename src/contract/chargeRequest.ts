import * as z from "zod/mini";
import { isCredits } from "./credits";
import { Resource, UsageName } from "./usage";

/**
 * The body of `POST`. `credits` says only what the user was shown; `client_id` only what the caller believes.
 * The server's own price and client id are what is charged.
 */
export const ChargeRequest = z.object({
  usage: UsageName,
  resource: z.optional(Resource),
  credits: z.optional(z.number().check(z.refine(isCredits))),
  client_id: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
});
export type ChargeRequest = z.infer<typeof ChargeRequest>;
