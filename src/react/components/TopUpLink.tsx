import { drawLink, type RenderLink } from "../gate/looks";
import { useAres } from "../provider/context";
import { useMessages } from "../provider/useMessages";

interface TopUpLinkProps {
  part: { "data-ares-part": string; className: string | undefined };
  renderLink: RenderLink | undefined;
  /** @default the provider's */
  href?: string | undefined;
}

/** The link to the shop. */
export function TopUpLink({ part, renderLink, href }: TopUpLinkProps) {
  const { topUpUrl } = useAres();
  return drawLink(renderLink, { ...part, href: href ?? topUpUrl, children: useMessages().topUp });
}
