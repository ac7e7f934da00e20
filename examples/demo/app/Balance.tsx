import { useAresUser } from "ares-react";

/** TEMPORARY until CreditBalance lands. */
export function CreditBalance() {
  const { credits } = useAresUser();
  return <span>{credits === undefined ? "…" : `${credits} credits`}</span>;
}
