import { useAresFetch } from "ares-react";
import { useEffect, useState } from "react";

interface Paid<T> {
  usage: string;
  resource: string;
  path: string;
  /** The request's own key, so that a repeat is served again. Without one, each visit counts as another use. */
  request?: string;
  read: (answer: Response) => Promise<T>;
}

/** Loads what a charge has paid for. The request carries the session's token, because Clerk's cookie may be outdated. */
export function usePaidContent<T>({
  usage,
  resource,
  path,
  request,
  read,
}: Paid<T>): T | Error | undefined {
  const { fetch } = useAresFetch({ usage, resource });
  const [content, setContent] = useState<T | Error>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` never changes what a path means.
  useEffect(() => {
    let over = false;
    fetch(path, { headers: request === undefined ? {} : { "Idempotency-Key": request } })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
        return read(answer);
      })
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
      .then((next) => !over && setContent(() => next));
    return () => {
      over = true;
    };
  }, [fetch, path, request]);

  return content;
}
