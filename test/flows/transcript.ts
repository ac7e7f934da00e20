/** Elements that a screen reader watches. */
const LIVE = '[role="status"], [role="alert"], [aria-live]:not([aria-live="off"])';

/** One thing that a screen reader says by itself. */
export interface Spoken {
  who: "status" | "alert" | "question";
  text: string;
}

/**
 * Tells what a screen reader says by itself, in order: each change of a live region's words, and each question that opens. A
 * region with `aria-atomic="false"` says what is new, every other region all of its words. A region that is mounted with its words is told too, where the region interrupts. The returned function ends that.
 */
export function listenTo(root: Element, tell: (spoken: Spoken) => void): () => void {
  const words = new Map<Element, string>();
  const heard = new Map<Text, string>();
  const asked = new WeakSet<Element>();
  const hear = () => {
    for (const region of root.querySelectorAll(LIVE)) {
      const urgent = region.getAttribute("role") === "alert";
      const now = textOf(region);
      const before = words.get(region) ?? (urgent ? "" : now);
      const nodes = textsIn(region);
      const news = nodes.filter((node) => heard.get(node) !== node.data);
      const [first] = nodes;
      // The same words in new nodes are an addition, and are heard again.
      const isNew =
        now !== before || (words.has(region) && first !== undefined && !heard.has(first));
      const text =
        region.getAttribute("aria-atomic") === "false"
          ? plain(news.map(({ data }) => data).join(" "))
          : now;
      if (text && isNew) tell({ who: urgent ? "alert" : "status", text });
      words.set(region, now);
      for (const node of nodes) heard.set(node, node.data);
    }
    for (const question of root.querySelectorAll('[role="alertdialog"]')) {
      if (!asked.has(question))
        tell({
          who: "question",
          text: question.getAttribute("aria-label")?.trim() ?? textOf(question),
        });
      asked.add(question);
    }
  };
  hear();
  const observer = new MutationObserver(hear);
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  return () => observer.disconnect();
}

const plain = (text: string) => text.replaceAll(/\s+/g, " ").trim();
const textOf = ({ textContent }: Element) => plain(textContent ?? "");

function textsIn(region: Element): Text[] {
  const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node instanceof Text) nodes.push(node);
  return nodes;
}

/** Writes down what live regions say, in order. */
export function listenIn(root: Element = document.body) {
  const said: string[] = [];
  const stop = listenTo(
    root,
    ({ who, text }) => who !== "question" && said.push(`${who}: ${text}`),
  );
  return { said, stop };
}
