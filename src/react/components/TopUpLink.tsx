import { useAres } from "../provider/context";
import { useMessages } from "../provider/useMessages";

/** The link to the shop, in a new tab: nothing on this page is lost. */
export function TopUpLink({ href }: { href?: string | undefined }) {
  const { topUpUrl } = useAres();
  return (
    <a data-ares-part="topUp" href={href ?? topUpUrl} target="_blank" rel="noopener noreferrer">
      {useMessages().topUp}
    </a>
  );
}
