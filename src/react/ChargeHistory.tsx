import { type ComponentPropsWithoutRef, forwardRef } from "react";
import type { AresError, Charge } from "../contract";
import { useAllMessages } from "./componentMessages";
import { useAres } from "./context";
import { formatCredits } from "./formatCredits";

export interface ChargeHistoryProps extends Omit<ComponentPropsWithoutRef<"section">, "children"> {
  /** What `useAresCharges` returned. Undefined: they are being read. */
  charges: readonly Charge[] | undefined;
  /** Why they could not be read. Without it, charges that never arrive look as if they were still being read. */
  error?: AresError | null | undefined;
  /** What a usage is called by those who pay for it. @default the usage itself */
  labels?: Readonly<Record<string, string>> | undefined;
}

/**
 * Lists what a user was charged for in this app, newest first, also what is not confirmed yet.
 *
 * @example
 * const { charges, error } = useAresCharges();
 * return <ChargeHistory charges={charges} error={error} labels={{ "export-pdf": "PDF export" }} />;
 */
export const ChargeHistory = /* @__PURE__ */ forwardRef<HTMLElement, ChargeHistoryProps>(function ChargeHistory(
  { charges, error, labels = {}, ...rest },
  ref,
) {
  const { locale } = useAres();
  const messages = useAllMessages();
  const when = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

  return (
    <section data-ares-part="history" aria-label={messages.history} {...rest} ref={ref} aria-busy={!charges && !error}>
      <p role="status" data-ares-part="status">
        {!charges ? (error ? messages.history_error : messages.history_loading) : charges.length === 0 && messages.history_empty}
      </p>
      {charges && charges.length > 0 && (
        <ol>
          {charges.map(({ id, usage = "", resource, credits, status, createdAt }, index) => (
            <li key={id ?? index} data-ares-part="charge" data-status={status}>
              <span data-ares-part="usage">
                {labels[usage] ?? usage} {resource && <span data-ares-part="detail">{resource}</span>}
              </span>
              <span data-ares-part="outcome">{messages[`history_${status}`]}</span>
              <span data-ares-part="amount">{credits !== undefined && formatCredits(credits, { messages, locale, round: "ceil" })}</span>
              {createdAt !== undefined && <time dateTime={new Date(createdAt).toISOString()}>{when.format(createdAt)}</time>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
});
