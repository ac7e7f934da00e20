/** A short hash that names something in storage without storing its text. */
export function shortHash(text: string): string {
  return hash(text, 31) + hash(text, 33);
}

function hash(text: string, factor: number): string {
  let sum = 0;
  for (const letter of text) sum = (Math.imul(sum, factor) + letter.charCodeAt(0)) | 0;
  return (sum >>> 0).toString(36);
}
