/**
 * Asks one of the app's paid endpoints. `key` names the charge; it is also the key of this request, so that a repeat
 * after a lost answer is served again.
 */
export async function paidFetch(path: string, key?: string): Promise<Response> {
  const answer = await fetch(path, { headers: key === undefined ? {} : { "Ares-Charge": key, "Idempotency-Key": key } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer;
}
