import type { AresTestProviderProps } from "./AresTestProvider";

/** Stands in for the provider of tests where a framework forbids React's hooks: in server code. */
export function AresTestProvider(_props: AresTestProviderProps): never {
  throw new Error(
    "AresTestProvider renders in tests and stories, and not in a server component. Pages use AresProvider.",
  );
}
