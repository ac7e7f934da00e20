import { readFileSync } from "node:fs";
import path from "node:path";

/**
 * Lays pictures out on one sheet per component: a row for each story, a column for each view and width.
 *
 * @param {import("playwright-core").Page} page
 * @param {{ story: { title: string, name: string }, files: string[] }[]} pictures
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function layOutSheets(page, pictures, folder) {
  const sheets = [];
  for (const title of new Set(pictures.map(({ story }) => story.title))) {
    const rows = pictures
      .filter(({ story }) => story.title === title)
      .map(({ story, files }) => row(story.name, files));
    const sheet = path.join(folder, `${title.replaceAll(/[^\w]+/g, "-")}.png`);
    await page.setViewportSize({ width: 1900, height: 600 });
    await page.setContent(`<style>${css}</style><h1>${title}</h1>${rows.join("")}`);
    await page.screenshot({ path: sheet, fullPage: true });
    sheets.push(sheet);
  }
  return sheets;
}

const css = `
  body { margin: 16px; background: #888; font: 14px sans-serif }
  h1 { margin: 0 0 12px; font-size: 18px }
  h2 { margin: 12px 0 4px; font-size: 14px }
  div { display: flex; gap: 6px; align-items: start }
  img { flex: 0 1 auto; min-inline-size: 0 }
`;

/**
 * @param {string} name
 * @param {string[]} files
 */
function row(name, files) {
  const images = files.map(
    (file) => `<img alt="" src="data:image/png;base64,${readFileSync(file).toString("base64")}">`,
  );
  return `<h2>${name}</h2><div>${images.join("")}</div>`;
}
