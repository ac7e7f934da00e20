/**
 * Asks one of the app's paid endpoints. `charge` is the key of the charge that pays for it, where no resource tells;
 * `request` names this request, so that a repeat of it is served again.
 */
export async function paidFetch(path: string, { charge, request }: { charge?: string; request?: string } = {}): Promise<Response> {
  const headers = new Headers();
  if (charge !== undefined) headers.set("Ares-Charge", charge);
  if (request !== undefined) headers.set("Idempotency-Key", request);
  const answer = await fetch(path, { headers });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer;
}
