/** Elements that a screen reader watches. */
const LIVE = '[role="status"], [role="alert"], [aria-live]:not([aria-live="off"])';

/** One thing that a screen reader says by itself. */
interface Spoken {
  who: "status" | "alert" | "question";
  text: string;
}

/**
 * Tells what a screen reader says by itself, in order: each change of a live region's words, and each question that opens. A
 * region with `aria-atomic="false"` says what is new, every other region all of its words. A region that is mounted with its words is told too, where the region interrupts. The returned function ends that.
 */
function listenTo(root: Element, tell: (spoken: Spoken) => void): () => void {
  const words = new Map<Element, string>();
  const heard = new Map<Text, string>();
  const asked = new WeakSet<Element>();

  function hearRegion(region: Element): void {
    const isUrgent = region.getAttribute("role") === "alert";
    const text = newsOf(region, isUrgent);
    if (text) tell({ who: isUrgent ? "alert" : "status", text });
    words.set(region, textOf(region));
    for (const node of textsIn(region)) heard.set(node, node.data);
  }

  /** What a region says now; nothing where it has said it before. */
  function newsOf(region: Element, isUrgent: boolean): string {
    const now = textOf(region);
    const nodes = textsIn(region);
    const [first] = nodes;
    const previous = words.get(region) ?? (isUrgent ? "" : now);
    // The same words in new nodes are an addition, and are heard again.
    const isAddition = words.has(region) && first !== undefined && !heard.has(first);
    if (now === previous && !isAddition) return "";
    if (region.getAttribute("aria-atomic") !== "false") return now;
    const added = nodes.filter((node) => heard.get(node) !== node.data);
    return plain(added.map(({ data }) => data).join(" "));
  }

  function hearQuestion(question: Element): void {
    if (asked.has(question)) return;
    asked.add(question);
    const label = question.getAttribute("aria-label")?.trim();
    tell({ who: "question", text: label ?? textOf(question) });
  }

  const hear = () => {
    root.querySelectorAll(LIVE).forEach(hearRegion);
    root.querySelectorAll('[role="alertdialog"]').forEach(hearQuestion);
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
