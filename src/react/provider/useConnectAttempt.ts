import { useMemo, useState } from "react";
import { aresError } from "../../client";
import { type AresError, isAresError } from "../../contract";

/** Wraps `connect` or `reconnect`, and remembers whether this user's last try failed. `onDone` runs after a success. */
export function useConnectAttempt(
  act: (() => Promise<void> | void) | undefined,
  onError: ((error: AresError) => void) | undefined,
  onDone: () => void,
  user: object,
): [attempt: (() => Promise<void>) | undefined, failed: boolean] {
  const [failedFor, setFailedFor] = useState<object>();
  const attempt = useMemo(
    () =>
      act &&
      (async () => {
        setFailedFor(undefined);
        try {
          await act();
          onDone();
        } catch (error) {
          setFailedFor(user);
          if (!onError) throw error;
          onError(isAresError(error) ? error : aresError("auth_unavailable"));
        }
      }),
    [act, onError, onDone, user],
  );
  return [attempt, failedFor === user];
}
