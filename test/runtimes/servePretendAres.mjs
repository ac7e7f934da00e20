import { createServer } from "node:http";
import { createPretendAres } from "./pretendAres.js";

/** Serves the pretend ARES over HTTP. A lost answer is a connection that breaks after the deduction. */
export async function servePretendAres() {
  let pretend = createPretendAres();
  const server = createServer(async (request, response) => {
    try {
      let body = "";
      for await (const chunk of request) body += chunk;
      const answer = await pretend.fetch(`http://ares.test${request.url}`, {
        method: request.method ?? "GET",
        body,
      });
      response
        .writeHead(answer.status, { "Content-Type": "application/json" })
        .end(await answer.text());
    } catch {
      request.socket.destroy();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`,
    seen: () => pretend.seen(),
    /** A full wallet and an empty book, for the next runtime. */
    renew() {
      pretend = createPretendAres();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
