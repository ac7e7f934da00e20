import type { useAuth as useAuth5, useUser as useUser5 } from "@clerk/clerk-react";
import type { useAuth as useAuth6, useUser as useUser6 } from "@clerk/react";
import type { UseClerkAuth, UseClerkUser } from "../../src/clerk/clerkHooks";

// The compiler is the test: the real hooks of both packages fit the props, and other hooks do not.
export type Fits = [
  Fit<typeof useAuth5, UseClerkAuth>,
  Fit<typeof useUser5, UseClerkUser>,
  Fit<typeof useAuth6, UseClerkAuth>,
  Fit<typeof useUser6, UseClerkUser>,
];

// @ts-expect-error the two are not interchangeable
export type Swapped = Fit<typeof useUser6, UseClerkAuth>;
export type Tokenless = Fit<
  // @ts-expect-error a hook without a token cannot authenticate
  () => { isLoaded: true; isSignedIn: true; userId: string },
  UseClerkAuth
>;

type Fit<Real extends Needed, Needed> = Real;
