import { ClerkProvider, SignInButton, UserButton, useAuth, useClerk, useUser } from "@clerk/react";
import { AresProviderWithClerk } from "ares-react/clerk";
import { Studio } from "./Studio";

/**
 * The app over real Clerk and real ARES.
 *
 * Not verified against the live services: the code follows their documentation.
 */
export function RealApp({ publishableKey }: { publishableKey: string }) {
  return (
    <ClerkProvider publishableKey={publishableKey}>
      <ClerksStudio />
    </ClerkProvider>
  );
}

function ClerksStudio() {
  const { isLoaded, isSignedIn, userId } = useAuth();
  const { openSignIn } = useClerk();
  return (
    <AresProviderWithClerk
      useAuth={useAuth}
      useUser={useUser}
      signIn={() => openSignIn()}
      endpoint="/api/ares"
    >
      <Studio account={userId} who={isLoaded && (isSignedIn ? <UserButton /> : <SignInButton />)} />
    </AresProviderWithClerk>
  );
}
