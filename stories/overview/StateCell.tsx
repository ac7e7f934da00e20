import { AresGate, type AresGateProps } from "ares-react";
import type { WorldSettings } from "../world/createWorld";
import { Report } from "../world/Report";
import { useView } from "../world/view";
import { World } from "../world/World";

export interface StateCellProps {
  status: string;
  story: { args?: Partial<AresGateProps>; parameters?: { ares?: WorldSettings | false } };
  locale: "en" | "de" | "fr" | "es" | "ar" | "ja";
}

/** One state of the map: its name, and a real gate brought into it. */
export function StateCell({ status, story, locale }: StateCellProps) {
  const view = useView({ theme: "light", locale });
  return (
    <section aria-label={status} className="state-cell">
      <h3>{status}</h3>
      <World settings={{ ...story.parameters?.ares }} locale={view.locale}>
        <AresGate usage="report" label="Report" {...story.args}>
          <Report />
        </AresGate>
      </World>
    </section>
  );
}
