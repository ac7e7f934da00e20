/** Waits for a promise, at most `ms` milliseconds. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Does work for each item, for ten at once. The results keep the order of the items. */
export async function tenAtATime<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += 10)
    results.push(...(await Promise.all(items.slice(from, from + 10).map(work))));
  return results;
}

/**
 * Reads a body as text: at most `max` bytes, and only until `stop` aborts.
 *
 * @throws {RangeError} for a longer body; otherwise the decoder's or the connection's own error.
 */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  max: number,
  decoder: TextDecoder,
  stop?: AbortSignal,
) {
  const reader = body?.getReader();
  if (!reader) return "";
  const cancel = () => void reader.cancel().catch(() => {});
  stop?.addEventListener("abort", cancel);
  try {
    let text = "";
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      stop?.throwIfAborted();
      if (done) return text + decoder.decode();
      size += value.byteLength;
      if (size > max) throw new RangeError(`The body is larger than ${max} bytes.`);
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    cancel();
    throw error;
  } finally {
    stop?.removeEventListener("abort", cancel);
  }
}

/** The longest body that is read whole. */
const SHORT = 4 * 1024;

/**
 * Reads a short body whole, at less cost than in pieces. Undefined for a body that does not tell a short length, or whose
 * length says nothing: the runtime hands over no more bytes than `Content-Length` names.
 *
 * @throws {RangeError} for a longer body; otherwise the decoder's or the connection's own error.
 */
export function readShort(
  from: Request | Response,
  decoder: TextDecoder,
): Promise<string> | undefined {
  const { headers } = from;
  const length = Number(headers.get("Content-Length") ?? 0);
  if (
    !(length > 0 && length <= SHORT) ||
    headers.has("Transfer-Encoding") ||
    headers.has("Content-Encoding")
  )
    return undefined;
  return from.arrayBuffer().then((bytes) => {
    if (bytes.byteLength > SHORT) throw new RangeError(`The body is larger than ${SHORT} bytes.`);
    return decoder.decode(bytes);
  });
}
