/**
 * Asks one of the app's paid endpoints. `charge` is the key of the charge that pays for it, where no resource tells;
 * `request` names this request, so that a repeat of it is served again.
 */
export async function paidFetch(path: string, { charge, request }: { charge?: string; request?: string } = {}): Promise<Response> {
  const headers = new Headers();
  if (charge !== undefined) headers.set("Ares-Charge", charge);
  if (request !== undefined) headers.set("Idempotency-Key", request);
  const answer = await fetch(path, { headers });
  if (!answer.ok) throw new Refused(answer.status);
  return answer;
}

/** The server did not serve it; 402 says that it has not been paid for, or has been used. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The server answered ${status}.`);
    this.status = status;
  }
}
