import { ClerkProvider, SignInButton, UserButton, useAuth, useUser } from "@clerk/react";
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
      <AresProviderWithClerk useAuth={useAuth} useUser={useUser} endpoint="/api/ares">
        <ClerksStudio />
      </AresProviderWithClerk>
    </ClerkProvider>
  );
}

function ClerksStudio() {
  const { isLoaded, isSignedIn, userId } = useAuth();
  return <Studio account={userId} who={isLoaded && (isSignedIn ? <UserButton /> : <SignInButton />)} />;
}
