const palettes = [
  ["#f4e7d3", "#e0a96d", "#8a5a44", "#3c4a3e", "#20302b"],
  ["#e6eef0", "#a9c5c9", "#6f979b", "#3f6468", "#1f3a40"],
  ["#f7e3dc", "#e8a598", "#b4637a", "#5a3e5c", "#2c2440"],
  ["#f1f0dc", "#cbd19a", "#8ea864", "#4f7249", "#26402f"],
] as const;

const WIDTH = 800;
const HEIGHT = 500;

/**
 * Draws a landscape: layers of hills under a sun, different for each charge. The subject at the start of the draft's id
 * sets the colours.
 */
export function drawIllustration(draftId: string, chargeId: string): string {
  const subject = draftId.replace(/\.[^.]*$/, "").replaceAll("-", " ");
  const next = numbersOf(chargeId);
  const [sky, far, middle, near, front] =
    palettes[Math.floor(numbersOf(subject)() * palettes.length)] ?? palettes[0];
  const sun = `<circle cx="${120 + next() * 560}" cy="${90 + next() * 90}" r="${34 + next() * 22}" fill="#fffaf0" opacity=".9"/>`;
  const hills = [far, middle, near, front].map(
    (colour, layer) =>
      `<path d="${ridge(next, 210 + layer * 72, 70 - layer * 9)}" fill="${colour}"/>`,
  );
  const title = escaped(subject);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"><title>${title}</title><rect width="${WIDTH}" height="${HEIGHT}" fill="${sky}"/>${sun}${hills.join("")}</svg>`;
}

function ridge(next: () => number, y: number, height: number): string {
  const points = Array.from({ length: 9 }, (_, i) => ({
    x: (i * WIDTH) / 8,
    y: y + (next() - 0.5) * 2 * height,
  }));
  const curves = points.slice(1).map((to, i) => {
    const from = points[i] ?? to;
    const half = (from.x + to.x) / 2;
    return `C${half} ${from.y.toFixed(1)} ${half} ${to.y.toFixed(1)} ${to.x} ${to.y.toFixed(1)}`;
  });
  return `M0 ${(points[0]?.y ?? y).toFixed(1)}${curves.join("")}V${HEIGHT}H0Z`;
}

/** Gives the same numbers for the same text: FNV-1a feeds mulberry32. */
function numbersOf(text: string): () => number {
  let state = 0x811c9dc5;
  for (const character of text)
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
