import { index, type RouteConfig, route } from "@react-router/dev/routes";

export default [
  index("routes/home.tsx"),
  route("api/ares", "routes/ares.ts"),
  route("api/export", "routes/export.ts"),
  route("api/reports/:id", "routes/report.ts"),
  route("sign-in", "routes/signIn.ts"),
] satisfies RouteConfig;
