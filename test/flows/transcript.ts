/** Elements that a screen reader watches. */
const LIVE = '[role="status"], [role="alert"], [aria-live]:not([aria-live="off"])';

/**
 * Writes down what a screen reader says by itself: each change of a live region's words, in order. A region that is
 * mounted with its words is written down too, where the region interrupts.
 */
export function listenIn(root: Element = document.body) {
  const said: string[] = [];
  const words = new Map<Element, string>();
  const seen = new Set<Node>();
  const hear = () => {
    for (const region of root.querySelectorAll(LIVE)) {
      const urgent = region.getAttribute("role") === "alert";
      const before = words.get(region) ?? (urgent ? "" : region.textContent);
      const now = region.textContent ?? "";
      const [first] = region.childNodes;
      // The same words in new nodes are an addition, and are heard again.
      const isNew = now !== before || (words.has(region) && first !== undefined && !seen.has(first));
      if (now && isNew) said.push(`${urgent ? "alert" : "status"}: ${now.trim()}`);
      words.set(region, now);
      for (const node of region.childNodes) seen.add(node);
    }
  };
  hear();
  const observer = new MutationObserver(hear);
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  return { said, stop: () => observer.disconnect() };
}
