import * as z from "zod/mini";
import type { ServerErrorCode } from "../../../src/contract";
import { memoryLedger, mintKey, quoted } from "../../../src/server";
import { json, world, worldOf } from "../world";

/** How the handler comes to a code, and its expected answer, written without the table. */
export interface Refusal {
  status: number;
  retryable: boolean;
  answer: () => Promise<Response>;
}

const DAY = 24 * 60 * 60 * 1000;
const START = 1_800_000_000_000;
const charge = { usage: "export-pdf" };

/** Each refusal of a POST, and of another method. */
export const refusals = {
  invalid_request: { status: 400, retryable: false, answer: () => world().post({ usage: 7 }) },
  idempotency_key_invalid: {
    status: 400,
    retryable: false,
    answer: () => world().post(charge, { "Idempotency-Key": "k" }),
  },
  idempotency_key_expired: {
    status: 400,
    retryable: false,
    answer: () => world().post(charge, { "Idempotency-Key": mintKey(START - DAY - 1) }),
  },
  client_id_mismatch: {
    status: 400,
    retryable: false,
    answer: () => world().post({ ...charge, client_id: "another-app" }),
  },
  not_signed_in: {
    status: 401,
    retryable: false,
    answer() {
      const { session, post } = world();
      session.auth = null;
      return post(charge);
    },
  },
  not_connected: {
    status: 401,
    retryable: false,
    answer() {
      const { session, post } = world();
      session.auth = { userId: "user-1", getAccessToken: async () => null };
      return post(charge);
    },
  },
  reconnect: {
    status: 401,
    retryable: false,
    answer: () => withAnswer(() => json(401, { error: "Invalid token" })),
  },
  insufficient_credits: {
    status: 402,
    retryable: false,
    answer: () => world({ balance: 0 }).post(charge),
  },
  origin_rejected: {
    status: 403,
    retryable: false,
    answer: () => world().post(charge, { "Sec-Fetch-Site": "cross-site" }),
  },
  declined: {
    status: 403,
    retryable: false,
    answer: () => withAnswer(() => json(403, { error: "Forbidden" })),
  },
  not_allowed: {
    status: 403,
    retryable: false,
    answer() {
      const { session, post } = world();
      session.auth = { userId: "user-1", mayCharge: false, getAccessToken: async () => "token" };
      return post(charge);
    },
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    answer: () =>
      world().server.handler(new Request("https://app.example/api/ares", { method: "PUT" })),
  },
  body_too_large: {
    status: 413,
    retryable: false,
    answer: () => world().post({ ...charge, resource: "x".repeat(5000) }),
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    answer: () => world().post(charge, { "Content-Type": "text/plain" }),
  },
  charge_in_progress: {
    status: 409,
    retryable: true,
    answer() {
      const { ares, key, post } = world();
      const headers = { "Idempotency-Key": key() };
      return new Promise((answered) => {
        ares.next(async () => {
          answered(await post(charge, headers));
          return json(200, { message: "Success" });
        });
        void post(charge, headers);
      });
    },
  },
  price_changed: {
    status: 409,
    retryable: false,
    answer: () => world().post({ ...charge, credits: 2 }),
  },
  ledger_reset: {
    status: 409,
    retryable: false,
    answer: () => world().post(charge, { "Idempotency-Key": mintKey(START - 60_000) }),
  },
  other_user: {
    status: 409,
    retryable: false,
    answer: () => world().post({ ...charge, owner: "somebody-else" }),
  },
  outcome_unknown: { status: 409, retryable: false, answer: () => withAnswer(() => json(500, {})) },
  idempotency_key_reused: {
    status: 422,
    retryable: false,
    async answer() {
      const { key, post } = world();
      const headers = { "Idempotency-Key": key() };
      await post(charge, headers);
      return post({ usage: "image" }, headers);
    },
  },
  unknown_usage: {
    status: 422,
    retryable: false,
    answer: () => world().post({ usage: "not-for-sale" }),
  },
  rate_limited: {
    status: 429,
    retryable: true,
    async answer() {
      const { post } = world({ rateLimit: { charges: 1 } });
      await post(charge);
      return post(charge);
    },
  },
  internal: {
    status: 500,
    retryable: true,
    answer() {
      const { post } = world({
        newId() {
          throw new Error("no entropy");
        },
      });
      return post(charge);
    },
  },
  paused: {
    status: 503,
    retryable: true,
    answer: () => world({ paused: () => true }).post(charge),
  },
  ledger_unavailable: {
    status: 503,
    retryable: true,
    answer: () =>
      world({ ledger: { ...memoryLedger(), claim: () => Promise.reject(new Error("down")) } }).post(
        charge,
      ),
  },
  price_unavailable: {
    status: 503,
    retryable: true,
    answer() {
      const broken = quoted({
        input: z.number(),
        credits: () => Promise.reject(new Error("no rates")),
      });
      return worldOf({ render: broken }).post({ usage: "render", input: 7 });
    },
  },
  ares_unreachable: {
    status: 503,
    retryable: true,
    answer: () =>
      withAnswer(() =>
        Promise.reject(Object.assign(new Error("connect"), { code: "ECONNREFUSED" })),
      ),
  },
  auth_unavailable: {
    status: 503,
    retryable: true,
    answer: () => world({ auth: () => Promise.reject(new Error("down")) }).post(charge),
  },
} satisfies Partial<Record<ServerErrorCode, Refusal>>;

/** One charge that gets this answer from ARES. */
function withAnswer(reply: () => Response | Promise<Response>): Promise<Response> {
  const { ares, post } = world();
  ares.next(reply);
  return post(charge);
}
