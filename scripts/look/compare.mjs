/** How far a colour may move, of 255, and which share of a picture may differ. Letters never look exactly the same twice. */
const tolerance = { colour: 32, share: 0.001 };

/**
 * Gives the share of a picture that looks different; 0 within the tolerance.
 *
 * @param {import("playwright-core").Page} page
 * @param {Buffer} before
 * @param {Buffer} after
 * @returns {Promise<number>}
 */
export async function differs(page, before, after) {
  const share = await page.evaluate(
    async ([a, b, limit]) => {
      const pixels = async (/** @type {string} */ data) => {
        const image = await createImageBitmap(
          await (await fetch(`data:image/png;base64,${data}`)).blob(),
        );
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
      };
      const [one, two] = [await pixels(a), await pixels(b)];
      if (one.width !== two.width || one.height !== two.height) return 1;
      let count = 0;
      for (let i = 0; i < one.data.length; i += 4) {
        const delta = Math.max(
          ...[0, 1, 2].map((channel) => Math.abs(one.data[i + channel] - two.data[i + channel])),
        );
        if (delta > limit) count += 1;
      }
      return count / (one.data.length / 4);
    },
    /** @type {const} */ ([before.toString("base64"), after.toString("base64"), tolerance.colour]),
  );
  return share > tolerance.share ? share : 0;
}
