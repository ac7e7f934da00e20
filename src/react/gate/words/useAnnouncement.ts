import { useEffect, useRef, useState } from "react";
import { useSlow } from "./waiting";

/**
 * True for words that a live region says: words that came after the first press. Words that stood before the press are no news
 * until other words came between; `isPassing` words come between without that.
 */
export function useAnnouncement(words: string, used: boolean, isPassing = false): boolean {
  const old = useRef("");
  useEffect(() => {
    if (!used) old.current = words;
    else if (words !== old.current && !isPassing) old.current = "";
  });
  return used && words !== "" && words !== old.current;
}

export interface Looks {
  /** How many looks have ended that the user asked for. */
  rounds: number;
  /** True when one has just ended. */
  isChecked: boolean;
}

/** Follows the looks of a component. `wishes`: how often the user has asked. A look that nobody asked for is not told. */
export function useLooks(isLooking: boolean, wishes: number): Looks {
  const [last, setLast] = useState({ isLooking, rounds: 0, wishes, isWished: false });
  if (last.isLooking !== isLooking) setLast(nextLook(last, isLooking, wishes));
  const isChecked = last.isWished && !isLooking;
  const isOld = useSlow(isChecked);
  return { rounds: last.rounds, isChecked: isChecked && !isOld };
}

interface Look {
  isLooking: boolean;
  rounds: number;
  wishes: number;
  isWished: boolean;
}

function nextLook(last: Look, isLooking: boolean, wishes: number): Look {
  if (isLooking) return { ...last, isLooking };
  const isWished = wishes !== last.wishes;
  return { isLooking, rounds: last.rounds + Number(isWished), wishes, isWished };
}
