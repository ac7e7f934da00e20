import { render, screen } from "@testing-library/react";
import { Activity, type ReactNode, StrictMode } from "react";
import { expect, test } from "vitest";
import { useCounted } from "../../../src/react/components/useCounted";
import { stopFrames } from "../components/frames";

const { frames, pass } = stopFrames();
const shown = () => screen.getByRole("note").textContent;

interface Balance {
  amount: number | undefined;
  owner: string;
}
function Amount({ amount, owner }: Balance) {
  const [count, ref] = useCounted(amount, owner);
  return (
    <p role="note" ref={ref}>
      {count ?? "none"}
    </p>
  );
}

const moves = [
  "hide",
  "show",
  "more",
  "less",
  "none",
  "other",
  "frame",
  "rest",
  "again",
  "mount",
] as const;

/** A small generator of random numbers, so that each run walks the same ways. */
function random(seed: number) {
  let state = seed;
  return (most: number) => {
    state = (state * 48271) % 2147483647;
    return state % most;
  };
}

test.each([true, false])(
  "a balance ends at its amount after any order of changes, hides and remounts (StrictMode %s)",
  (strict) => {
    for (let seed = 1; seed <= 100; seed++) {
      const pick = random(seed * 7919);
      const balance: Balance = { amount: 100, owner: "ada" };
      let mode: "visible" | "hidden" = "visible";
      let key = 0;
      const wrap = (ui: ReactNode) => (strict ? <StrictMode>{ui}</StrictMode> : ui);
      const draw = () =>
        wrap(
          <Activity mode={mode}>
            <Amount key={key} {...balance} />
          </Activity>,
        );
      const page = render(draw());
      const way: string[] = [];
      for (let step = 0; step < 12; step++) {
        const move = moves[pick(moves.length)] ?? "rest";
        way.push(move);
        if (move === "hide") mode = "hidden";
        if (move === "show") mode = "visible";
        if (move === "more") balance.amount = (balance.amount ?? 0) + 7;
        if (move === "less") balance.amount = (balance.amount ?? 0) - 3;
        if (move === "none") balance.amount = undefined;
        if (move === "other") balance.owner = balance.owner === "ada" ? "bob" : "ada";
        if (move === "mount") key += 1;
        page.rerender(draw());
        if (move === "frame") pass(100, () => {});
        if (move === "rest") pass(500, () => {});
      }
      mode = "visible";
      page.rerender(draw());
      pass(500, () => {});
      expect([seed, way.join(), shown()]).toEqual([
        seed,
        way.join(),
        String(balance.amount ?? "none"),
      ]);
      expect(frames.size).toBe(0);
      page.unmount();
    }
  },
);
