import { inputDigestOf } from "../chargeState";
import type { AresClient } from "../createAresClient";
import { makeSlot, place, type Slots } from "./slots";
import { view } from "./states";

/** The slots of a new page, with the charges of the server's snapshot. A paid time that has ended meanwhile is none. */
export function restored({ options, wokenAt, isSnapshotOld }: AresClient): Slots {
  const slots: Slots = { all: new Set(), free: new Map(), holding: new Map() };
  const { charges = [], at = 0 } = options.initial ?? {};
  for (const row of charges) {
    const until = row.paidUntil ?? Infinity;
    if (until <= wokenAt) continue;
    const slot = makeSlot({ ...row, inputDigest: inputDigestOf(row.input) });
    slot.charge = { step: 0, ...row, unchecked: { at: isSnapshotOld ? 0 : at, until } };
    slot.state = view(slot.charge, slot);
    slot.stays = Infinity;
    place(slots, slot);
  }
  return slots;
}
