import type { NextAuthConfig } from "next-auth";

export const providers: NextAuthConfig["providers"] = [
  {
    id: "local",
    name: "A provider on this machine",
    type: "oidc",
    issuer: process.env.OIDC_ISSUER ?? "",
    clientId: "app",
    clientSecret: "a secret of this test alone",
    authorization: { params: { scope: "openid", prompt: "login" } },
  },
];
