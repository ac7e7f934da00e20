import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** Null: the connection breaks. */
export type Serve = (request: Request) => Promise<Response | null>;

/** Serves on this machine only, on a free port, and tells the parent the port. Ends with the parent. */
export function listen(serve: Serve): void {
  process.on("disconnect", () => process.exit(0));
  const server = createServer((incoming, outgoing) => void answer(serve, incoming, outgoing));
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address) process.send?.({ port: address.port });
  });
}

async function answer(
  serve: Serve,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await serve(await requestOf(incoming));
    if (!response) throw new Error("The connection breaks.");
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch {
    outgoing.destroy();
  }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const { method = "GET", url = "/", headers } = incoming;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]),
    ...(hasBody && { body: Buffer.concat(chunks) }),
  });
}
