import { availableParallelism } from "node:os";

/** Two test files for each core at a time: one of them often waits, for a browser, a timer or a process. */
export const WORKERS = 2 * availableParallelism();
