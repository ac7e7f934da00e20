import { shopTexts } from "../../messages/en";
import { fill } from "../../messages/format";
import { useAres } from "../../provider/context";
import { createTexts } from "../../provider/useMessages";
import { drawLink, type Part, type RenderLink } from "./looks";

interface TopUpLinkProps {
  part: Part;
  renderLink: RenderLink | undefined;
  /** @default the provider's */
  href?: string | undefined;
  onClick?: (() => void) | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(shopTexts);

/** The link to the shop. */
export function TopUpLink({ part, renderLink, href, onClick }: TopUpLinkProps) {
  const { topUpUrl } = useAres();
  const { topUp: children, new_tab } = useTexts();
  return drawLink(renderLink, {
    ...part,
    href: href ?? topUpUrl,
    onClick,
    "aria-label": fill(new_tab, { link: children }),
    children,
  });
}
