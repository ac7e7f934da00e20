/**
 * One source, two sheets. `src/styles.css` lies in a layer and has no specificity. `ares-react/styles.layer.css` is the
 * source itself. `ares-react/styles.css` is made from it here: no layer, no comments, and each rule as strong as two
 * attributes. So a page's resets lose in any order.
 */
import postcss from "postcss";
import selectorParser from "postcss-selector-parser";

/** As strong as two attributes, on every element that is not `unstyled` by its own attribute or by a parent's. */
const STRONG = ":not([data-ares-unstyled][data-ares-unstyled],[data-ares-unstyled] *)";

/** Variables and themes stay weak: an app sets them anywhere. */
const STAYS_WEAK = /:root|\[data-theme/;

const strengthen = selectorParser((selectors) => {
  selectors.each((selector) => {
    const isPseudoElement = (/** @type {{ type: string, value?: unknown }} */ { type, value }) =>
      type === "pseudo" && String(value).startsWith("::");
    const subject = selector.nodes.findLastIndex(({ type }) => type === "combinator") + 1;
    const before = selector.nodes.slice(subject).find(isPseudoElement);
    const mark = selectorParser.tag({ value: STRONG });
    if (before) selector.insertBefore(before, mark);
    else selector.append(mark);
  });
});

/**
 * The sheet that stands up to resets.
 *
 * @param {string} source the layered sheet
 */
export function strongSheet(source) {
  const sheet = postcss.parse(source);
  sheet.walkRules((rule) => {
    const isKeyframe =
      rule.parent?.type === "atrule" && "name" in rule.parent && rule.parent.name === "keyframes";
    if (!isKeyframe && !STAYS_WEAK.test(rule.selector))
      rule.selector = strengthen.processSync(rule.selector);
  });
  // A page that links the sheet loads it as it is. The layered sheet explains the same rules.
  sheet.walkComments((comment) => void comment.remove());
  sheet.walkAtRules("layer", (layer) => layer.replaceWith(layer.nodes ?? []));
  return sheet.toString().replaceAll(/^ +/gm, "");
}

/** Lets Vite serve the source as the strong sheet, as apps meet it. */
export const strongStyles = () => ({
  name: "ares-strong-styles",
  enforce: /** @type {const} */ ("pre"),
  transform: (/** @type {string} */ code, /** @type {string} */ id) =>
    /\/src\/styles\.css(\?.*)?$/.test(id) && !/[?&](raw|url)\b/.test(id)
      ? strongSheet(code)
      : undefined,
});
