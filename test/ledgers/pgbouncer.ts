import { spawn } from "node:child_process";
import { chownSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort } from "../setup/freePort.mjs";
import { type Engine, findBinary, supervise, unprivileged } from "./engines";
import { newFolder } from "./newFolder";

/** The path of PgBouncer, or null: then its suite is skipped by name. */
export const pgbouncer = findBinary("pgbouncer", ["/usr/sbin", "/usr/local/sbin"]);

/**
 * PgBouncer in transaction mode in front of a PostgreSQL, with fewer sessions than the app has connections. Each
 * statement gets any free session, and finds nothing there from an earlier statement.
 */
export async function startPgBouncer(postgres: Engine, { sessions = 3 } = {}): Promise<Engine> {
  const [port, directory] = [await freePort(), newFolder("pgbouncer")];
  const as = await unprivileged();
  const [settings, users] = [join(directory, "pgbouncer.ini"), join(directory, "users.txt")];
  writeFileSync(users, '"ares" ""\n');
  writeFileSync(
    settings,
    `[databases]
postgres = host=127.0.0.1 port=${postgres.port} dbname=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${sessions}
max_client_conn = 200
; Newer versions can keep prepared statements for a client; many that are in use can't.
max_prepared_statements = 0
; Whatever a statement leaves in its session is there for the next client to trip over.
server_reset_query =
`,
  );
  if (as) for (const path of [directory, settings, users]) chownSync(path, as.uid, as.gid);

  return supervise({
    port,
    directory,
    start: (stdio) =>
      spawn(pgbouncer ?? "pgbouncer", ["-q", settings], { stdio, cwd: directory, ...as }),
    ready: () => listens(port),
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
