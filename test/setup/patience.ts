/**
 * How long a test waits for a condition before it gives up. One generous limit: on a busy machine everything is slow, and
 * nothing is wrong. A test that waits for nothing ends at once.
 */
export const PATIENCE_MS = 60_000;

/** A test may wait for several conditions, one after the other. */
export const TEST_PATIENCE_MS = 5 * PATIENCE_MS;
