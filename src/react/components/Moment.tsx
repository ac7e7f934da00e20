import { useCallback, useSyncExternalStore } from "react";
import { formatMoment } from "../messages/format";
import { useAres } from "../provider/context";

const never = () => () => {};

/** A moment as its reader's clock shows it. A server does not know the time zone, so the first paint is in UTC and says so. */
export function Moment({ at }: { at: number }) {
  const { locale } = useAres();
  const iso = new Date(at).toISOString();
  const local = useCallback(() => formatMoment(at, locale), [at, locale]);
  const first = useCallback(() => `${iso.slice(0, 16).replace("T", " ")} UTC`, [iso]);
  return <time dateTime={iso}>{useSyncExternalStore(never, local, first)}</time>;
}
