import { AresGate } from "ares-react";
import { type FormEvent, useEffect, useState } from "react";
import { type Draft, newDraft, readDrafts, writeDrafts } from "./drafts";
import { usePaidContent } from "./usePaidContent";

/** Each costs four credits, so the gate asks before it charges. A draft is paid once and stays drawn. */
export function Illustrations({ account }: { account: string }) {
  const [mine, setMine] = useState(() => ({ account, drafts: readDrafts(account) }));
  if (mine.account !== account) setMine({ account, drafts: readDrafts(account) });
  useEffect(() => writeDrafts(mine.account, mine.drafts), [mine]);

  function compose(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const subject = String(new FormData(event.currentTarget).get("subject") ?? "").trim();
    if (subject === "") return;
    setMine((before) => ({ account, drafts: [newDraft(subject), ...before.drafts] }));
    event.currentTarget.reset();
  }

  return (
    <section className="feature" aria-labelledby="illustrate">
      <h3 id="illustrate">Illustrate</h3>
      <p>
        Say what the picture should show. Drawing it costs four credits, and you are asked first.
      </p>
      <form className="subject" onSubmit={compose}>
        <label>
          Subject
          <input
            name="subject"
            maxLength={60}
            placeholder="Hills after the rain"
            autoComplete="off"
          />
        </label>
        <button type="submit" className="plain">
          Compose
        </button>
      </form>
      <ul className="drafts">
        {mine.drafts.map(({ id, subject }) => (
          <li key={id}>
            <h4>{subject}</h4>
            <AresGate usage="illustration" resource={id} label={subject} confirmation="always">
              <Illustration id={id} subject={subject} />
            </AresGate>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Illustration({ id, subject }: Draft) {
  const picture = usePaidContent({
    usage: "illustration",
    resource: id,
    path: `/api/illustrations/${encodeURIComponent(id)}`,
    read: async (answer) => URL.createObjectURL(await answer.blob()),
  });

  if (picture === undefined) return <p aria-busy="true">Drawing…</p>;
  if (picture instanceof Error) {
    return (
      <p className="notice" role="alert">
        The picture did not arrive. It is paid for: reload the page. {picture.message}
      </p>
    );
  }
  return <img className="illustration" src={picture} alt={subject} width={800} height={500} />;
}
