import { useEffect, useMemo, useState } from "react";
import type { AresGateState } from "./gateState";

export interface Question {
  /** The open question, with the price that it names. */
  asked: { price: number | undefined } | undefined;
  ask: (price: number | undefined) => void;
  close: () => void;
}

/** The question before a charge. `holder` stands for the user and what is paid for: another one has not been asked. */
export function useQuestion(holder: object): Question {
  const [question, setQuestion] = useState<{ holder: object; price: number | undefined }>();
  const verbs = useMemo(
    () => ({
      ask: (price: number | undefined) => setQuestion({ holder, price }),
      close: () => setQuestion(undefined),
    }),
    [holder],
  );
  return { asked: question?.holder === holder ? question : undefined, ...verbs };
}

/** Closes a question that another state has replaced. Otherwise its dialog would open again by itself. */
export function useClosedQuestion(
  { asked, close }: Question,
  status: AresGateState["status"],
): void {
  const isReplaced = asked !== undefined && status !== "confirming";
  useEffect(() => {
    if (isReplaced) close();
  }, [isReplaced, close]);
}
