import { connect, createServer, type Socket } from "node:net";
import { freePort } from "../setup/freePort.mjs";

/** Stands between a driver and a server, and can lose an answer after the server's write. */
export interface CuttingProxy {
  port: number;
  /** From now on, cuts each connection when the server's answer to a request with `text` comes back. Cuts at most `times` times. */
  loseAnswersTo(text: string, times: number): void;
  /** How many answers were lost. */
  lost(): number;
  stop(): Promise<void>;
}

export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cut = { text: "", left: 0 };
  let lost = 0;

  const server = createServer((driver) => {
    const upstream = connect(target, "127.0.0.1");
    let armed = false;
    for (const socket of [driver, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        driver.destroy();
        upstream.destroy();
      });
    }
    driver.on("data", (request) => {
      if (cut.left > 0 && request.includes(cut.text)) armed = true;
      upstream.write(request);
    });
    upstream.on("data", (answer) => {
      if (!armed || cut.left === 0) return void driver.write(answer);
      cut.left--;
      lost++;
      driver.destroy();
      upstream.destroy();
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));

  return {
    port,
    loseAnswersTo(text, times) {
      cut = { text, left: times };
    },
    lost: () => lost,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
