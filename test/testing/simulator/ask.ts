import type { AresSimulator } from "ares-react/testing";

const host = "https://oauth.joinares.com";

/** Asks the simulator for a user's balance, with the newest token. */
export async function ask(simulator: AresSimulator, user: string, init: RequestInit = {}) {
  const response = await simulator.fetch(`${host}/v1/user`, {
    headers: { Authorization: `Bearer ${simulator.tokenOf(user)}` },
    ...init,
  });
  return read(response);
}

/** Charges a user one credit, or as the body says. */
export async function charge(
  simulator: AresSimulator,
  user: string,
  body: object = {},
  headers: Record<string, string> = {},
  init: RequestInit = {},
) {
  const response = await simulator.fetch(`${host}/v1/partner/usage`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${simulator.tokenOf(user)}`,
      "Content-Type": "application/json",
      ...headers,
    },
    body: JSON.stringify({ client_id: "app", usage: "export-pdf", credits: 1, ...body }),
    ...init,
  });
  return read(response);
}

async function read(
  response: Response,
): Promise<{ status: number; headers: Headers; text: string; body: unknown }> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
