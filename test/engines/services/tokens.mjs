/**
 * The sign-in service's tokens, kept as a real service keeps them: read again only after ARES refused one.
 *
 * @param {string} ares
 */
export function createAccessToken(ares) {
  /** @type {Map<string, string>} */
  const tokens = new Map();
  return async function accessToken(/** @type {string} */ user, refresh = false) {
    const kept = tokens.get(user);
    if (kept !== undefined && !refresh) return kept;
    const answer = await fetch(`${ares}/__sim/token`, {
      method: "POST",
      body: JSON.stringify({ user, issue: refresh }),
    });
    const { token } = await answer.json();
    tokens.set(user, token);
    return token;
  };
}
