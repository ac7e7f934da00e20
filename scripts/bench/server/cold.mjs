/** The first charge of a new process, and those after it. The process ends with its answer. */
import { charge, timed } from "./press.mjs";

const [name, given = "{}"] = process.argv.slice(2);
const { token, ...place } = JSON.parse(given);
const load = async () =>
  name === "guide" ? (await import("./guide.mjs")).openGuide : (await import("./kit.mjs")).openKit;

const from = performance.now();
const open = await load();
const loading = performance.now() - from;
const route = open(place, "clerk");
const first = await timed(() => charge(route, place.origin, token));
const second = await timed(() => charge(route, place.origin, token));
process.send?.({ loading, first, second }, () => process.exit());
