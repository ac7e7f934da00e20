/**
 * Calls one of the app's paid endpoints. `charge` is the key of the charge, for a call without a resource. `request` is
 * this call's own key, so that a repeat is served again.
 */
export async function paidFetch(path: string, { charge, request }: { charge?: string; request?: string } = {}): Promise<Response> {
  const headers = new Headers();
  if (charge !== undefined) headers.set("Ares-Charge", charge);
  if (request !== undefined) headers.set("Idempotency-Key", request);
  const answer = await fetch(path, { headers });
  if (!answer.ok) throw new Refused(answer.status);
  return answer;
}

/** The server refused the call. 402: the call is not paid, or its charge is used up. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The server answered ${status}.`);
    this.status = status;
  }
}
