export {
  AresProviderWithClerk,
  type AresProviderWithClerkProps,
  type ClerkExternalAccount,
  type ClerkRedirect,
  type ClerkUser,
  type UseClerkAuth,
  type UseClerkUser,
} from "./clerk/index";
export { AresError, type AresErrorCode, type AresErrorDetails, isAresError } from "./contract";
