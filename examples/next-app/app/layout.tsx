import { CreditBalance } from "ares-react";
import type { ReactNode } from "react";
import { Providers } from "./providers";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Providers>
          <CreditBalance />
          {children}
        </Providers>
      </body>
    </html>
  );
}
