import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach } from "vitest";
import { PATIENCE_MS } from "./patience";

configure({ asyncUtilTimeout: PATIENCE_MS });

// Testing Library cleans up by itself only where the runner's functions are global.
afterEach(() => {
  cleanup();
});
afterAll(() => {
  localStorage.clear();
  sessionStorage.clear();
});
