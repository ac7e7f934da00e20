import { Story } from "@storybook/addon-docs/blocks";
import { type ComponentProps, type ReactNode, useState, useSyncExternalStore } from "react";
import { stopBetween } from "../../src/react/messages/format";
import { directionOf } from "../world/view";
import { isLocale, wordsIn } from "../world/words";
import { type StateWords, stateWords } from "./stateWords";

type Of = ComponentProps<typeof Story>["of"];

/** Examples beside each other: what to do, and what not to do. */
export function Examples({ children }: { children: ReactNode }) {
  return <div className="examples">{children}</div>;
}

export function Do({ of, children }: { of: Of; children: ReactNode }) {
  return <Example kind="do" title="Do" of={of} why={children} />;
}

export function Dont({ of, children }: { of: Of; children: ReactNode }) {
  return <Example kind="dont" title="Don't" of={of} why={children} />;
}

function Example({
  kind,
  title,
  of,
  why,
}: {
  kind: string;
  title: string;
  of: Of;
  why: ReactNode;
}) {
  return (
    <figure className="example" data-kind={kind}>
      <Story of={of} />
      <figcaption>
        <strong>{title}.</strong> {why}
      </figcaption>
    </figure>
  );
}

/** A component with its parts outlined. A name under the picture shows its part. */
export function Anatomy({
  of,
  parts,
}: {
  of: Of;
  parts: readonly (readonly [part: string, what: string])[];
}) {
  const [shown, setShown] = useState<string>();
  return (
    <div className="anatomy">
      {shown && (
        <style>{`.anatomy [data-ares-part="${shown}"] { outline: 3px solid !important }`}</style>
      )}
      <Story of={of} />
      <table className="tokens">
        <tbody>
          {parts.map(([part, what]) => (
            <tr key={part}>
              <th scope="row">
                <button
                  type="button"
                  aria-pressed={shown === part}
                  onMouseEnter={() => setShown(part)}
                  onFocus={() => setShown(part)}
                  onMouseLeave={() => setShown(undefined)}
                  onBlur={() => setShown(undefined)}
                >
                  <code>data-ares-part="{part}"</code>
                </button>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const examples = {
  balance: 698,
  after: 695,
  before: 698,
  price: 3,
  credits: 3,
  missing: 2,
  former: 2,
  user: "ada@example.com",
  label: "Report",
};

/** The amounts of texts that would contradict the others: a balance after a charge. */
const own: Partial<Record<string, Partial<typeof examples>>> = {
  unlocked_left: { balance: 695 },
};

/** A balance that is too low, in the rows that say so. */
const balanceIn = (words: readonly string[]): number =>
  words.includes("insufficient_more") ? 1 : examples.balance;

/** Every state of a component, with the kit's own words for it, in the language of the toolbar. */
export function States({ of, name = "State" }: { of: keyof typeof stateWords; name?: string }) {
  const locale = useSyncExternalStore(watchLanguage, () => document.documentElement.lang);
  const { say } = wordsIn({ locale });
  const rows: readonly [string, StateWords][] = Object.entries(stateWords[of]);
  return (
    <table className="tokens">
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">Words</th>
          <th scope="col">Ways out</th>
          <th scope="col" className="spoken">
            Spoken
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([state, { words, out = [], spoken }]) => (
          <tr key={state}>
            <th scope="row">
              <code>{state}</code>
            </th>
            <Words lang={locale}>
              {words
                .map((key) => say(key, { ...examples, balance: balanceIn(words), ...own[key] }))
                .reduce(joined, "")}
            </Words>
            <Words lang={locale}>{out.map((key) => say(key, examples)).join(" · ")}</Words>
            <td className="spoken">{spoken}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Two texts as a gate joins them: a text without an end gets one. */
const joined = (all: string, next: string) =>
  all ? `${all}${stopBetween(all, next)} ${next}` : next;

/** A cell in the language of the toolbar. The page around it is English. */
function Words({ lang, children }: { lang: string; children: string }) {
  if (!children) return <td>none</td>;
  return (
    <td lang={lang} dir={isLocale(lang) ? directionOf(lang) : undefined}>
      {children}
    </td>
  );
}

function watchLanguage(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  return () => observer.disconnect();
}
