/** True on a developer's machine: words may name what production keeps to itself, and a ledger sets itself up. */
export function inDevelopment(): boolean {
  const { process } = globalThis satisfies {
    process?: { env?: Record<string, string | undefined> };
  };
  return process?.env?.NODE_ENV === "development";
}
