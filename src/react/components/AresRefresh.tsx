import { useEffect } from "react";
import { drawButton, type OwnButton, type OwnClassNames, partsOf } from "../gate/parts/looks";
import { useSlow } from "../gate/words/waiting";
import { lookTexts } from "../messages/en";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";

/** The props of `AresRefresh`. */
export interface AresRefreshProps extends OwnClassNames<"check">, OwnButton {}

const useTexts = /* @__PURE__ */ createTexts(lookTexts);

/**
 * Renders the route again once its gate is open, by the provider's `refresh` or a reload. The server then sends the paid
 * children. Put this component into a gate of your own that stands for server components.
 *
 * A page that was reloaded before does not reload by itself. The button does, and comes when the server takes long.
 *
 * @example
 * <AresGate usage="report" resource={id}><AresRefresh /></AresGate>
 */
export function AresRefresh({ classNames, renderButton }: AresRefreshProps) {
  const { refresh } = useAres();
  const { check } = useTexts();
  const slow = useSlow(true);
  useEffect(() => {
    if (refresh) refresh();
    else if (!isReloaded()) location.reload();
  }, [refresh]);
  if (!slow && (refresh || !isReloaded())) return null;
  return drawButton(renderButton, {
    ...partsOf(classNames)("check"),
    onClick: refresh ?? (() => location.reload()),
    children: check,
  });
}

/** True when the page came by a reload: a server that still says "not paid" must not reload the page for ever. */
function isReloaded(): boolean {
  const [page] = performance.getEntriesByType("navigation");
  return page !== undefined && "type" in page && page.type === "reload";
}
