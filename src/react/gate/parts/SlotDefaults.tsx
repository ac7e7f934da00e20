import { type ReactNode, useEffect } from "react";

interface SlotDefaultsProps {
  /** Told true while a slot keeps the defaults in its markup. */
  tell: (isKept: boolean) => void;
  children: ReactNode;
}

/** The gate's own markup as a slot gets it. A slot that keeps it leaves the words to the gate too. */
export function SlotDefaults({ tell, children }: SlotDefaultsProps) {
  useEffect(() => {
    tell(true);
    return () => tell(false);
  }, [tell]);
  return children;
}
