import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";

export const auth = betterAuth({
  baseURL: process.env.APP_ORIGIN ?? "",
  secret: "a-secret-of-this-test-alone-0123456789",
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  emailAndPassword: { enabled: true },
  logger: { disabled: true },
});
