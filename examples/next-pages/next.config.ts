import type { NextConfig } from "next";

const config: NextConfig = {
  rewrites: async () => [{ source: "/sign-in", destination: "/api/sign-in" }],
};

export default config;
