/** Writes a moment, in milliseconds since 1970, as people read it. */
export function formatMoment(at: number, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(at);
}
