import { within } from "../bounded";

const PATIENCE_MS = 1_000;

/** Asks the app whether it takes no new charges. Where the app does not say, it takes none. */
export function createPause(
  paused: (() => boolean | Promise<boolean>) | undefined,
  onError: (error: unknown) => void,
): () => Promise<boolean> {
  return async () => {
    if (!paused) return false;
    try {
      return await within(PATIENCE_MS, (async () => paused())());
    } catch (error) {
      onError(error);
      return true;
    }
  };
}
