export { AresProviderWithClerk, type AresProviderWithClerkProps } from "./AresProviderWithClerk";
export type {
  ClerkExternalAccount,
  ClerkRedirect,
  ClerkUser,
  UseClerkAuth,
  UseClerkUser,
} from "./clerkHooks";
