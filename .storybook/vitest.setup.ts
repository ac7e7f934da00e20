import { afterAll } from "vitest";
import { viewsChecked } from "./checkInOtherViews";

// A check that is switched off by mistake finds no faults either.
afterAll(() => {
  if (viewsChecked() === 0)
    throw new Error("No story was looked at in dark, right to left or forced colours.");
});
