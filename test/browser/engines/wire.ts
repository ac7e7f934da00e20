import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { Demo } from "../demo";

/** Where the wire between the page and the demo breaks for charges: before the demo hears of one, or before its answer is back. */
type Break = "before" | "after";

/** A proxy between a browser and the demo. A test cuts it, as a network may, in any engine. */
export async function openWire(demo: Demo) {
  let broken: Break | "everything" | undefined;
  let arrived = () => {};

  const server = createServer((request, response) => {
    const isCharge = request.method === "POST" && request.url === "/api/ares";
    if (broken === "everything") return void request.destroy();
    if (isCharge && broken === "before") {
      arrived();
      return;
    }
    pass(request, response, () => {
      if (!isCharge || broken !== "after") return true;
      arrived();
      return false;
    });
  });

  /** Forwards one request. The demo accepts only pages of its own address, so the request names that. */
  function pass(
    request: IncomingMessage,
    response: ServerResponse,
    mayAnswer: () => boolean,
  ): void {
    const headers = { ...request.headers, host: new URL(demo.address).host };
    if (headers.origin !== undefined) headers.origin = demo.address;
    const onward = forward(
      demo.address + request.url,
      { method: request.method, headers },
      (answer) => {
        if (!mayAnswer()) return;
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => request.destroy());
    request.pipe(onward);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;

  return {
    address: `http://localhost:${port}`,
    /** Breaks the wire for charges. The returned promise resolves once a charge has come to the break. */
    break(where: Break): Promise<void> {
      broken = where;
      return new Promise((resolve) => {
        arrived = resolve;
      });
    },
    /** Refuses every connection, as a network that is gone. */
    cut() {
      broken = "everything";
      server.closeAllConnections();
    },
    mend() {
      broken = undefined;
    },
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
