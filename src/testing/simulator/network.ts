/**
 * The header of an answer that stands for a dropped connection, where a host cannot drop one by itself:
 * a server in front of `simulator.serve` destroys the socket when it meets this header.
 */
export const dropHeader = "x-sim-drop";

/** The error that Node's `fetch` throws when a connection fails: a TypeError whose cause carries the code. */
export function networkError(code: string, message = "fetch failed"): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(code), { code }) });
}

export const wait = (ms: number): Promise<void> =>
  ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();

/**
 * Lets a caller go when its signal aborts, with the signal's reason, as `fetch` does. The work itself goes on: no
 * server notices that a caller hung up before it has done what it was asked.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) return leave();
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

/** A 200 whose body begins and never ends, or breaks off in the middle. */
export function brokenBody(how: "cut" | "stall", signal: AbortSignal): Response {
  let leave = () => {};
  let begun = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      leave = () => controller.error(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
    },
    pull(controller) {
      if (!begun) {
        begun = true;
        controller.enqueue(new TextEncoder().encode('{"message":"Suc'));
        return;
      }
      if (how === "cut") {
        signal.removeEventListener("abort", leave);
        controller.error(networkError("UND_ERR_SOCKET", "terminated"));
        return;
      }
      return new Promise<void>(() => {});
    },
    cancel: () => signal.removeEventListener("abort", leave),
  });
  return new Response(body, {
    status: 200,
    headers: { "Content-Type": "application/json; charset=utf-8" },
  });
}
