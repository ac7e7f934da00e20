import { connect, createServer, type Socket } from "node:net";

/** A network that a test can break in the ways networks break. */
export interface Wire {
  port: number;
  /** Each reply is lost with this probability, and its connection too. The engine has done the work, and nobody hears of it. */
  loseReplies(share: number): void;
  readonly lost: number;
  /** Ends every connection. Allows no new one, or only to another engine. */
  cut(): void;
  leadTo(port: number): void;
  stop(): Promise<void>;
}

export async function openWire(target: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let [to, isCut, share, lost] = [target, false, 0, 0];

  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(to, "127.0.0.1");
    const end = () => {
      near.destroy();
      far.destroy();
      sockets.delete(near);
      sockets.delete(far);
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
    }
    near.on("data", (chunk) => far.write(chunk));
    far.on("data", (chunk) => {
      if (Math.random() >= share) return void near.write(chunk);
      lost += 1;
      end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();

  function cut(): void {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  }

  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    loseReplies(newShare) {
      share = newShare;
    },
    get lost() {
      return lost;
    },
    cut,
    leadTo(port) {
      cut();
      [to, isCut] = [port, false];
    },
    stop() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
