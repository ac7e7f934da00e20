import type { LedgerPlace } from "../ledger";
import type { RedisCommand } from "./connection";

/** Where the keys stand. Redis keeps the number of rows itself, so nothing is counted. */
export async function placeOf(
  command: RedisCommand | undefined,
  root: string,
): Promise<LedgerPlace> {
  if (!command) return {};
  const [client, rows] = await Promise.all([
    command("CLIENT", "INFO").catch(() => ""),
    command("ZCARD", `${root}all`).catch(() => undefined),
  ]);
  const address = / laddr=(\S+)/.exec(String(client))?.[1];
  return {
    ...(address !== undefined && { host: address }),
    ...(typeof rows === "number" && { rows }),
  };
}
