import { clerkMiddleware } from "@clerk/nextjs/server";

export default clerkMiddleware();

export const config = {
  matcher: ["/((?!_next|[^?]*\\.(?:css|js|json|png|svg|jpg|ico|woff2?)).*)", "/api/(.*)"],
};
