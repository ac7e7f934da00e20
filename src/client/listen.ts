/** Hears events of the page. The result ends that. */
export function listen(names: readonly string[], hear: () => void): () => void {
  for (const name of names) addEventListener(name, hear);
  return () => {
    for (const name of names) removeEventListener(name, hear);
  };
}
