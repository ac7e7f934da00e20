import { AresProvider } from "ares-react";
import "ares-react/styles.css";
import type { AppProps } from "next/app";
import type { prices } from "@/lib/ares";

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

export default function App({ Component, pageProps }: AppProps) {
  return (
    <AresProvider endpoint="/api/ares" signIn={signIn}>
      <Component {...pageProps} />
    </AresProvider>
  );
}
