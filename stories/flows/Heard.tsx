import type { Decorator } from "@storybook/react-vite";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { expect, waitFor } from "storybook/test";
import { listenTo, type Spoken } from "../../test/flows/transcript";

interface Line {
  who: Spoken["who"] | "step";
  text: string;
}

const STEP = "story-step";

/** Tells the transcript under a story what its user does now, once the transcript listens. */
export async function step(canvas: HTMLElement, text: string): Promise<void> {
  await waitFor(() => expect(canvas.querySelector("[data-heard]")).not.toBeNull());
  document.dispatchEvent(new CustomEvent(STEP, { detail: { canvas, text } }));
}

/** The lines under a story, for its `play`. */
export const heard = (canvas: HTMLElement): string[] =>
  [...canvas.querySelectorAll<HTMLElement>(".transcript li")].map(
    (line) => `${line.dataset.who}: ${line.textContent?.trim()}`,
  );

/** Puts the transcript under a story. */
export const withTranscript: Decorator = (Story) => (
  <Heard>
    <Story />
  </Heard>
);

/** A story, and under it each step with the words that a screen reader speaks at it. */
function Heard({ children }: { children: ReactNode }) {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const add = (line: Line) => setLines((last) => [...last, line]);
    setLines([]);
    const stop = listenTo(element, add);
    const tell = (event: Event) => {
      if (event instanceof CustomEvent && event.detail.canvas.contains(element))
        add({ who: "step", text: event.detail.text });
    };
    document.addEventListener(STEP, tell);
    element.dataset.heard = "";
    return () => {
      delete element.dataset.heard;
      stop();
      document.removeEventListener(STEP, tell);
    };
  }, []);

  return (
    <>
      <div ref={root}>{children}</div>
      {lines.length > 0 && (
        <ol className="transcript" aria-label="Steps, and what is spoken at them">
          {lines.map(({ who, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added.
            <li key={index} data-who={who} {...(who === "step" ? { lang: "en", dir: "ltr" } : {})}>
              {text}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
