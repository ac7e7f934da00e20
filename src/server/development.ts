/** True on a developer's machine, where words may name what production keeps to itself. */
export function inDevelopment(): boolean {
  const { process } = globalThis satisfies { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.NODE_ENV === "development";
}
