/** The import's name is computed. Vite resolves a written import ahead, and refuses the file where the scripts are not installed. */
const paths = { Clerk5: "clerk-js-5/no-rhc/index.js", Clerk6: "clerk-js-6/no-rhc" };

/**
 * Clerk's class as a page gets it, for each of Clerk's React packages. The class has no type here: a machine without
 * the scripts must be able to check all other types.
 *
 * @returns {Promise<{ Clerk5: any, Clerk6: any }>}
 */
export async function loadClerkScripts() {
  const [{ Clerk: Clerk5 }, { Clerk: Clerk6 }] = await Promise.all([
    import(paths.Clerk5),
    import(paths.Clerk6),
  ]);
  return { Clerk5, Clerk6 };
}
