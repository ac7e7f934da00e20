import type { HeldUse } from "./heldUse";

/** A 4xx gives its use back this often per charge: afterwards asking has become the work. */
const MOST_REFUSALS = 5;
/** So much of an answer is read before its reader asks: the work of a small answer ends at once. */
const AHEAD = 64 * 1024;

/**
 * Ends the use of an answer, or gives it back. The work of an answer ends when its body has been read from the handler.
 * An answer of 4xx or 5xx and a broken body give the use back. A reader who goes away does not.
 */
export async function watchAnswer(
  answer: Response,
  use: HeldUse,
  gone: AbortSignal,
): Promise<Response> {
  if (answer.status >= 400) {
    await use.release(answer.status < 500 ? MOST_REFUSALS : undefined);
    return answer;
  }
  if (!answer.body) {
    await use.end();
    return answer;
  }
  const reader = answer.body.getReader();

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
    } catch (error) {
      // A reader who goes away may break the body. Most of the answer may have arrived.
      await (gone.aborted ? use.end() : use.release());
      return controller.error(error);
    }
    await use.end();
    controller.close();
  }

  async function cancel(reason: unknown): Promise<void> {
    await Promise.all([use.end(), reader.cancel(reason)]);
  }

  return new Response(
    new ReadableStream({ pull, cancel }, new ByteLengthQueuingStrategy({ highWaterMark: AHEAD })),
    answer,
  );
}
