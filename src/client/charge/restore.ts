import type { AresSnapshot } from "../../contract";
import { markOf } from "../chargeState";
import { makeSlot, place, type Slots } from "./slots";
import { view } from "./states";

/** The slots of a new page, with the charges of the server's snapshot. */
export function restored(snapshot: AresSnapshot | undefined): Slots {
  const slots: Slots = { all: new Set(), free: new Map(), holding: new Map() };
  for (const row of snapshot?.charges ?? []) {
    const slot = makeSlot({ ...row, mark: markOf(row.input) });
    slot.charge = {
      epoch: 0,
      ...row,
      unchecked: { at: snapshot?.at ?? 0, until: row.paidUntil ?? Infinity },
    };
    slot.state = view(slot.charge, slot);
    slot.stays = Infinity;
    place(slots, slot);
  }
  return slots;
}
