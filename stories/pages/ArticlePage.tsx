import { AresGate } from "ares-react";
import { useLabel } from "../world/labels";

/** An article whose second half is paid: the gate lies over a preview of it. */
export function ArticlePage() {
  return (
    <article className="app-article">
      <h2 lang="en" dir="ltr">
        The tide tables of 1833
      </h2>
      <p lang="en" dir="ltr">
        Before the first tables were printed, every harbour kept its own. A pilot knew the hour of
        high water at his own pier and at two others, and trusted nobody on the rest.
      </p>
      <AresGate
        usage="report"
        resource="article"
        label={useLabel("Report")}
        variant="overlay"
        preview={<Preview />}
      >
        <Preview />
        <p lang="en" dir="ltr">
          Then a captain who had lost a mast on a bank wrote down where the tables failed him. Forty
          others answered his letter, and the second edition was theirs as much as the clerk's.
        </p>
      </AresGate>
    </article>
  );
}

/** The first paragraphs of the paid half. */
function Preview() {
  return (
    <>
      <p lang="en" dir="ltr">
        The admiralty collected what the harbours knew, and found that the books did not agree. In
        the channel the range is six metres, and at Dogger Bank less than one.
      </p>
      <p lang="en" dir="ltr">
        So a clerk computed the first common tables by hand. Sailors kept them beside the barometer,
        and trusted neither very much.
      </p>
    </>
  );
}
