import type { World } from "../world";

const SHOWN = 12;

interface BooksProps {
  world: World;
  onResolve: (id: string, to: "charged" | "not_charged") => void;
}

/** ARES's deductions beside the app's ledger. No intent may ever stand twice on the left. */
export function Books({ world: { ares, charges }, onResolve }: BooksProps) {
  const total = ares.charges.reduce((sum, { credits }) => sum + Math.round(credits * 100), 0) / 100;
  return (
    <>
      <section aria-label="ARES's book">
        <h3>ARES's book</h3>
        <p>
          {ares.charges.length === 1 ? "1 deduction" : `${ares.charges.length} deductions`} ·{" "}
          {total} {total === 1 ? "credit" : "credits"}
        </p>
        <ol className="panel-book">
          {ares.charges
            .map((charge, line) => ({ line, ...charge }))
            .slice(-SHOWN)
            .reverse()
            .map(({ line, at, userId, usage, credits }) => (
              <li key={line}>
                <time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
                <span>
                  {userId} · {usage}
                </span>
                <b>−{credits}</b>
              </li>
            ))}
        </ol>
      </section>
      <section aria-label="The app's ledger">
        <h3>The app's ledger</h3>
        <ol className="panel-book">
          {charges.slice(0, SHOWN).map(({ id, status, userId, usage, resource, createdAt }) => (
            <li key={id}>
              <time dateTime={new Date(createdAt).toISOString()}>{clock(createdAt)}</time>
              <span>
                {userId} · {usage}
                {resource === null ? "" : ` · ${resource}`}
              </span>
              <b data-status={status}>{status}</b>
              {status === "unknown" && (
                <div className="panel-row">
                  <button type="button" onClick={() => onResolve(id, "charged")}>
                    Was charged
                  </button>
                  <button type="button" onClick={() => onResolve(id, "not_charged")}>
                    Was not charged
                  </button>
                </div>
              )}
            </li>
          ))}
        </ol>
        {charges.length === 0 && <p>No charge yet.</p>}
        {charges.some(({ status }) => status === "unknown") && (
          <p>
            An unknown charge is not sent again. Compare the two books, say what happened, and press
            "Check now" in the page.
          </p>
        )}
      </section>
    </>
  );
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB");
}
