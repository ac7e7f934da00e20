/** An account's connection to ARES when a visitor first switches to the account. */
export type Connection = "connected" | "not_connected" | "reconnect";

export interface Account {
  id: string;
  name: string;
  credits: number;
  connection: Connection;
}

/** The people of the demo. A visitor begins as the first one. */
export const accounts: readonly Account[] = [
  { id: "ada", name: "Ada", credits: 698, connection: "connected" },
  { id: "ben", name: "Ben", credits: 2, connection: "connected" },
  { id: "cleo", name: "Cleo", credits: 50, connection: "not_connected" },
  { id: "dora", name: "Dora", credits: 120, connection: "reconnect" },
];

/** A new account without any charge. */
export function newcomer(id: string): Account | undefined {
  return /^newcomer-[a-z0-9]{1,20}$/.test(id)
    ? { id, name: "Newcomer", credits: 698, connection: "connected" }
    : undefined;
}

/** The cookie's value for a signed-out visitor. */
export const nobody = "nobody";
