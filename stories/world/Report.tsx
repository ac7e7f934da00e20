/** The smallest paid feature. Its text is English on every page. */
export function Report({ title = "Report" }: { title?: string }) {
  return (
    <article className="feature" lang="en" dir="ltr">
      <h3>{title}</h3>
      <p>Tides of the North Sea, 1953 to today: 48 pages, 12 charts.</p>
    </article>
  );
}
