/** Measures one part of the bench, and tells its parent what it measured. */
const [name, options = "{}"] = process.argv.slice(2);
const { measure } = await import(`./${name}.mjs`);
process.send?.(await measure(JSON.parse(options)), () => process.exit());
