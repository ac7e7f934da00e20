import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A loaded machine is slow, not wrong. Each test has its own limit.
configure({ asyncUtilTimeout: 15_000 });

// Testing Library cleans up by itself only where the runner's functions are global.
afterEach(() => {
  cleanup();
});
