import { AresProvider } from "ares-react";
import "ares-react/styles.css";
import { Links, Meta, Outlet, Scripts } from "react-router";
import type { prices } from "./lib/ares.server";

declare module "ares-react" {
  interface Register {
    prices: typeof prices;
  }
}

async function signIn() {
  await fetch("/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "ann" }),
  });
  location.reload();
}

export default function Root() {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <link rel="icon" href="data:," />
        <title>React Router and ARES</title>
        <Meta />
        <Links />
      </head>
      <body>
        <AresProvider endpoint="/api/ares" signIn={signIn}>
          <Outlet />
        </AresProvider>
        <Scripts />
      </body>
    </html>
  );
}
