/** SHA-256 of the parts as base64url, versioned. */
export async function digest(parts: readonly (string | number | null)[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(["v1", ...parts]));
  const hash = hashOfNode(bytes) ?? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...hash))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Node's own hash, where there is one. Node's Web Crypto sends each hash to another thread, which costs more than the hash. */
function hashOfNode(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const { process }: { process?: NodeJS.Process } = globalThis;
    return process?.getBuiltinModule?.("node:crypto")?.createHash("sha256").update(bytes).digest();
  } catch {
    // The edge runtime of Next throws at the mere name of an API of Node.
    return undefined;
  }
}
