/**
 * Reads the tokens out of the stylesheet, which is their one source. A colour is its light and its dark value, as #rrggbb.
 *
 * @param {string} css the text of `src/styles.css`
 * @returns {{ colours: Record<string, [light: string, dark: string]>, sizes: Record<string, string>, others: Record<string, string> }}
 */
export function readTokens(css) {
  const root = css.slice(css.indexOf(":where(:root) {"), css.indexOf("@supports"));
  /** @type {Record<string, [string, string]>} */
  const colours = {};
  /** @type {Record<string, string>} */
  const sizes = {};
  /** @type {Record<string, string>} */
  const others = {};
  for (const [, name = "", value = ""] of root.matchAll(/(--ares-[\w-]+): ([^;]+);/g)) {
    const channels = [...value.matchAll(/calc\((\d+) ([+-]) (\d+) \* var\(--ares-d\)\)/g)];
    if (channels.length === 3) {
      const inTheme = (/** @type {0 | 1} */ dark) =>
        `#${channels.map(([, light, sign, step]) => hex(Number(light) + dark * Number(`${sign}${step}`))).join("")}`;
      colours[name] = [inTheme(0), inTheme(1)];
    } else if (value === "var(--ares-teal)") colours[name] = colours["--ares-teal"] ?? ["", ""];
    else if (/^\d/.test(value) && name !== "--ares-d") sizes[name] = value;
    else if (!["--ares-d", "--ares-from"].includes(name)) others[name] = value;
  }
  return { colours, sizes, others };
}

/**
 * The contrast of two colours, from 1 to 21, as WCAG 2 measures it.
 *
 * @param {string} a
 * @param {string} b
 */
export function contrast(a, b) {
  const [bright = 0, dim = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (bright + 0.05) / (dim + 0.05);
}

/** @param {string} colour */
function luminance(colour) {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const hex = (/** @type {number} */ channel) => channel.toString(16).padStart(2, "0");
