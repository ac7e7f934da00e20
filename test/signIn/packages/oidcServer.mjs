/** An OpenID Connect provider on this machine, with pages where a person signs in by their name alone. */
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

/**
 * @param {{ clientId: string, clientSecret: string, redirectUri: string, afterSignOut: string }} client
 */
export async function openOidcServer({ clientId, clientSecret, redirectUri, afterSignOut }) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [afterSignOut],
      },
    ],
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, name: sub }) }),
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ["a key of this test alone"] },
    pkce: { required: () => false },
  });
  server.on("request", provider.callback());
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}
