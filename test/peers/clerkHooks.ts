import { useAuth as useAuth5, useUser as useUser5 } from "@clerk/clerk-react";
import { useAuth as useAuth6, useUser as useUser6 } from "@clerk/react";
import type { AresProviderWithClerkProps } from "ares-react/clerk";

/** The compiler is the test: here with the newest hooks, and in `scripts/peers.mjs` with the oldest. */
export const hooks: Pick<AresProviderWithClerkProps, "useAuth" | "useUser">[] = [
  { useAuth: useAuth5, useUser: useUser5 },
  { useAuth: useAuth6, useUser: useUser6 },
];
