import * as z from "zod/mini";

const Token = z.object({ token: z.nullable(z.string()) });

/** The control desk of the pretend ARES, for the app's server. */
export type ControlDesk = ReturnType<typeof createControlDesk>;

export function createControlDesk(simulatorUrl: string) {
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${simulatorUrl}/__sim/${path}`, { ...init, signal: AbortSignal.timeout(5000) });

  return {
    ask,
    async addUser(user: string, credits: number): Promise<void> {
      await ask("users", { method: "POST", body: JSON.stringify({ user, credits }) });
    },
    /** The token that a sign-in service would hold for this user. `issue` stands for connecting ARES. */
    async tokenOf(user: string, how: "current" | "refresh" | "issue"): Promise<string | null> {
      const body = JSON.stringify({
        user,
        ...(how === "refresh" && { refresh: true }),
        ...(how === "issue" && { issue: true }),
      });
      const answer = await ask("token", { method: "POST", body });
      return Token.parse(await answer.json()).token;
    },
  };
}
