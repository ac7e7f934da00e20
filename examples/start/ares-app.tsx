import { AresProvider } from "ares-react";
import "ares-react/styles.css";
import type { ReactNode } from "react";
import type { prices } from "./prices";

declare module "ares-react" {
  interface Register {
    prices: typeof prices;
  }
}

export function AresApp({ children }: { children: ReactNode }) {
  return (
    <AresProvider endpoint="/api/ares" connect="/api/ares/connect" signInWith="ares">
      {children}
    </AresProvider>
  );
}
