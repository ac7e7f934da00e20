/** An OpenID Connect provider on this machine, with pages where a person signs in by their name alone. */
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

/**
 * @param {{
 *   issuer: string,
 *   clientId: string,
 *   clientSecret: string,
 *   redirectUri: string,
 *   authMethod: "client_secret_basic" | "client_secret_post",
 * }} options
 */
export async function openOidcServer(options) {
  const provider = new Provider(options.issuer, {
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        redirect_uris: [options.redirectUri],
        token_endpoint_auth_method: options.authMethod,
      },
    ],
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, name: sub }) }),
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ["a key of this test alone"] },
    pkce: { required: () => false },
  });
  provider.proxy = true;
  const handle = provider.callback();
  const { host } = new URL(options.issuer);
  const server = createServer((request, response) => {
    request.headers["x-forwarded-host"] = host;
    request.headers["x-forwarded-proto"] = "https";
    handle(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    /** @type {() => Promise<void>} */
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}
