import type { AresGateProps, CreditBalanceProps } from "ares-react";
import type { ReactNode } from "react";
import type { WorldSettings } from "../world/createWorld";
import { type LocaleName, useView } from "../world/view";
import { World } from "../world/World";

export interface StateCellProps {
  status: string;
  story: {
    args?: Partial<AresGateProps> | CreditBalanceProps;
    parameters?: { ares?: WorldSettings | false };
  };
  locale: LocaleName;
  children: ReactNode;
}

/** One state of the map: its name, and a real component in that state. */
export function StateCell({ status, story, locale, children }: StateCellProps) {
  const view = useView({ theme: "light", locale });
  return (
    <section aria-label={status} className="state-cell">
      <h3>{status}</h3>
      <World settings={{ ...story.parameters?.ares }} locale={view.locale}>
        {children}
      </World>
    </section>
  );
}
