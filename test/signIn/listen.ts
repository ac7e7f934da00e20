import type { AddressInfo } from "node:net";
import { type ServerType, serve } from "@hono/node-server";

type Handler = (request: Request) => Response | Promise<Response>;

/** Serves on a free port of this machine. The handler may come later, since an app has to know its own address. */
export async function listen(hostname = "localhost") {
  let handle: Handler = () => new Response(null, { status: 503 });
  const server = await new Promise<ServerType>((resolve) => {
    const opened = serve(
      { fetch: (request) => handle(request), port: 0, hostname: "127.0.0.1" },
      () => resolve(opened),
    );
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${hostname}:${port}`,
    use(handler: Handler) {
      handle = handler;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
