import type { RedisCommand } from "./connection";

/** Settings that could lose a confirmed write, with what to change. Null: this Redis does not tell its settings. */
export async function redisWarnings(
  command: RedisCommand | undefined,
  replicasWaitedFor: number,
): Promise<string[] | null> {
  const info = command && parseInfo(await command("INFO").catch(() => ""));
  if (!command || !info?.has("aof_enabled")) return null;

  const warnings: string[] = [];
  const policy = info.get("maxmemory_policy") ?? "noeviction";
  if (info.get("role") !== "master")
    warnings.push("This connection leads to a replica of Redis. Connect to the master.");
  if (policy.startsWith("allkeys"))
    warnings.push(`Redis may evict charges (maxmemory-policy ${policy}). Set it to noeviction.`);
  if (info.get("aof_enabled") !== "1") {
    warnings.push(
      "Redis keeps no append-only file: a restart forgets charges. Set appendonly yes.",
    );
  } else if ((await appendfsync(command)) !== "always" && replicasWaitedFor === 0) {
    warnings.push(
      "Redis writes its append-only file about once a second: a power cut can forget the last second. Set appendfsync always, or give redisLedger a `wait` for replicas.",
    );
  }
  if (replicasWaitedFor === 0 && Number(info.get("connected_slaves") ?? 0) > 0) {
    warnings.push(
      "Redis has replicas, but writes do not wait for them: a failover can forget charges. Give redisLedger `wait: { replicas: 1 }`.",
    );
  }
  return warnings;
}

/** Hosted servers often refuse CONFIG. Then the default is assumed. */
async function appendfsync(command: RedisCommand): Promise<string> {
  const answer = await command("CONFIG", "GET", "appendfsync").catch(() => null);
  if (Array.isArray(answer)) return String(answer[1]);
  return typeof answer === "object" && answer !== null && "appendfsync" in answer
    ? String(answer.appendfsync)
    : "everysec";
}

function parseInfo(answer: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of String(answer).split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0 && !line.startsWith("#")) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/** The identity of server and connection: two answers with the same identity come from the same connection. */
export async function redisIdentity(command: RedisCommand): Promise<string> {
  const [info, client] = await Promise.all([command("INFO", "server"), command("CLIENT", "ID")]);
  return `${parseInfo(info).get("run_id")}#${String(client)}`;
}
