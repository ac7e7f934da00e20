const BYTES = 32;

/** `ares-react secret`: prints a secret for `aresConnect`. It is kept nowhere. */
export function runSecret(print: (line: string) => void): number {
  print(Buffer.from(crypto.getRandomValues(new Uint8Array(BYTES))).toString("base64url"));
  return 0;
}
