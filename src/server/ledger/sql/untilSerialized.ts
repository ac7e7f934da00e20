/**
 * Repeats a write that a stricter isolation level refused: under `repeatable read` and `serializable` PostgreSQL refuses
 * one of two writes at the same instant. A refused statement has changed nothing.
 */
export async function untilSerialized<T>(write: () => Promise<T>, tries = 3): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (tries === 0 || !(error instanceof Error && "code" in error && error.code === "40001"))
      throw error;
    return untilSerialized(write, tries - 1);
  }
}
