/**
 * @typedef {object} Mutant
 * @property {string} name what is wrong in it
 * @property {string} file
 * @property {string} [from] stands in the file once
 * @property {string} [to] stands there instead
 * @property {string} [more] is run at the end of the file
 */

/**
 * The text of a file with the fault of a mutant.
 *
 * @param {string} text
 * @param {Mutant} mutant
 * @throws when the mutant's place is not found, or found twice
 */
export function mutated(text, { name, file, from, to = "", more = "" }) {
  if (from === undefined) return `${text}\n${more}\n`;
  const pieces = text.split(from);
  if (pieces.length !== 2)
    throw new Error(
      `The mutant "${name}" changes a text that stands ${pieces.length - 1} times in ${file}. Correct its row in scripts/mutants.`,
    );
  return pieces.join(to);
}
