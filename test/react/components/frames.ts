import { act } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

/** The frames that the page has asked for, and no frame passes by itself. */
export function stopFrames() {
  const frames = new Map<number, FrameRequestCallback>();
  let now = 0;
  beforeEach(() => {
    now = 0;
    let id = 0;
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
    vi.stubGlobal(
      "requestAnimationFrame",
      (frame: FrameRequestCallback) => frames.set(++id, frame) && id,
    );
    vi.stubGlobal("cancelAnimationFrame", (id: number) => frames.delete(id));
    vi.spyOn(performance, "now").mockImplementation(() => now);
  });
  afterEach(() => {
    frames.clear();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  return {
    frames,
    setTime(ms: number) {
      now = ms;
    },
    /** Lets frames pass, and gives what `shown` tells after each. */
    pass<T>(ms: number, shown: () => T): T[] {
      const seen: T[] = [];
      for (const end = now + ms; now < end; ) {
        now += 50;
        const due = [...frames.values()];
        frames.clear();
        act(() => {
          for (const frame of due) frame(now);
        });
        seen.push(shown());
      }
      return seen;
    },
  };
}
