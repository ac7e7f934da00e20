/** How docs/scale.md shows what each part measured: tables, and bars that need no picture. */

/** One part as it was measured. @typedef {{ date: string, node: string, cores: number, load: number, loadAfter: number, data: any }} Run */

/** @type {Record<string, (data: any) => string>} */
const drawings = { size, hazards, page, server, start, growth };

/** A part, with the machine it was measured on. @param {string} name @param {Run} run */
export function drawPart(name, { date, node, cores, load, loadAfter, data }) {
  const busy = Math.max(load, loadAfter) > cores ? ", busy with other work too" : "";
  const machine = `Node ${node}, ${cores} cores${busy} (load ${load} before, ${loadAfter} after)`;
  return `${date}, one run of \`npm run bench -- ${name}\`: ${machine}.\n\n${drawings[name]?.(data)}`;
}

/** The page with each part between its marks drawn anew. A part that was never measured stays. @param {string} text @param {Record<string, Run>} runs */
export function drawPage(text, runs) {
  return text.replace(
    /(<!-- bench: (\w+) -->\n)[\s\S]*?(<!-- \/bench -->)/g,
    (section, begin, name, end) =>
      runs[name] ? `${begin}\n${drawPart(name, runs[name])}\n\n${end}` : section,
  );
}

/** @param {string[]} heads @param {(string | number)[][]} rows */
function table(heads, rows) {
  const line = (/** @type {(string | number)[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(line)].join("\n");
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const WIDTH = 40;

/** A bar for each row, as text. @param {[name: string, value: number, told: string][]} rows */
function bars(rows) {
  const most = Math.max(...rows.map(([, value]) => value));
  const room = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value, told]) => {
    const eighths = Math.round((8 * WIDTH * value) / most);
    const bar = "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
    return `${name.padEnd(room)} ${bar}${bar && " "}${told}`;
  });
  return `\`\`\`text\n${lines.join("\n")}\n\`\`\``;
}

const leftOut = (/** @type {string[]} */ names) =>
  names.length > 0 ? `\n\nNot installed, and left out: ${names.join(", ")}.` : "";
const plain = (/** @type {string} */ name) => name.replaceAll("`", "");
const kB = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1);
const ratio = (/** @type {number} */ value) => `${value.toFixed(2)} ×`;
/** Three digits, or more where the number has more. @param {number} value */
function digits(value) {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value.toFixed(value < 10 ? 2 : 1);
}

/** @param {Awaited<ReturnType<typeof import("./size.mjs").measure>>} data */
function size({ weights, missing }) {
  const heads = [
    "a page with one paid feature",
    "all of it, kB",
    "without react-query, kB",
    "type instantiations",
    "files read by TypeScript",
  ];
  const rows = weights.map(({ name, all, own, instantiations, files }) => [
    name,
    kB(all),
    kB(own),
    instantiations,
    files,
  ]);
  const drawn = weights.map(({ name, all }) => [plain(name), all, `${kB(all)} kB`]);
  return `${bars(/** @type {[string, number, string][]} */ (drawn))}\n\n${table(heads, rows)}${leftOut(missing)}`;
}

/** @param {Awaited<ReturnType<typeof import("./hazards.mjs").measure>>} data */
function hazards({ rows, names, missing }) {
  const heads = ["credits taken for one report", ...names];
  // One deduction of the price is right.
  const wrong = names.map((name) => {
    const count = rows.filter(
      ({ right, deductions }) => !right.includes(deductions[name] ?? ""),
    ).length;
    return [plain(name), count, `${count} of ${rows.length} went wrong`];
  });
  const cells = rows.map(({ hazard, deductions }) => [
    hazard,
    ...names.map((name) => deductions[name] ?? ""),
  ]);
  return `${bars(/** @type {[string, number, string][]} */ (wrong))}\n\n${table(heads, cells)}${leftOut(missing)}`;
}

/** @param {import("./page/page").PageReport} data */
function page({ renders, times }) {
  const counted = renders.map(({ what, count, goal = "" }) => [what, count, goal]);
  const timed = times.map(({ what, plain, ares, goal = "" }) => [
    what,
    digits(plain),
    digits(ares),
    ratio(ares / plain),
    goal,
  ]);
  const heads = ["milliseconds", "plain", "ares-react", "ratio", "goal"];
  return `${table(["renders, or requests", "counted", "goal"], counted)}\n\n${table(heads, timed)}`;
}

/** @param {Awaited<ReturnType<typeof import("./server.mjs").measure>>} data */
function server({ cpu, upstreamMs, latency, cold }) {
  const signIns = { clerk: "Clerk's package", stub: "stub" };
  const goals = { clerk: "≤ 0.8", stub: "≤ 1.7" };
  const work = cpu.flatMap(({ signIn, route, memory, file }) => [
    [
      signIns[signIn],
      "in memory",
      digits(route),
      digits(memory),
      ratio(memory / route),
      goals[signIn],
    ],
    [signIns[signIn], "file of SQLite", digits(route), digits(file), ratio(file / route), ""],
  ]);
  const names = /** @type {Record<string, string>} */ ({
    proxy: "a bare proxy that has its token",
    guide: "the guide's route",
    kit: "ares-react",
  });
  const guide = latency.find(({ name }) => name === "guide")?.p50 ?? Number.NaN;
  return [
    table(
      ["sign-in", "ledger", "guide's route, µs of CPU", "ares-react, µs", "ratio", "goal"],
      work,
    ),
    table(
      [
        `one charge, ARES and Clerk ${upstreamMs} ms away each`,
        "p50, ms",
        "p99, ms",
        "p50 to the guide's",
      ],
      latency.map(({ name, p50, p99 }) => [
        names[name] ?? "",
        digits(p50),
        digits(p99),
        ratio(p50 / guide),
      ]),
    ),
    table(
      [
        "a new process, at the same distance",
        "loads in, ms",
        "first charge, ms",
        "second charge, ms",
      ],
      cold.map(({ name, loading, first, second }) => [
        names[name] ?? "",
        digits(loading),
        digits(first),
        digits(second),
      ]),
    ),
  ].join("\n\n");
}

/** @param {Awaited<ReturnType<typeof import("./start.mjs").measure>>} data */
function start(data) {
  const [alone = { cpu: 0, memory: 0 }] = data;
  return table(
    [
      "a new process imports",
      "waits, ms",
      "CPU beside Node's own, ms",
      "memory beside Node's own, MB",
    ],
    data
      .slice(1)
      .map(({ name, loading, cpu, memory }) => [
        name,
        digits(loading),
        digits(Math.max(0, cpu - alone.cpu)),
        digits(Math.max(0, memory - alone.memory)),
      ]),
  );
}

/** The first and the last number of rows stand beside each other. @param {Awaited<ReturnType<typeof import("./growth.mjs").measure>>} data */
function growth({ ledgers, missing }) {
  const engines = [...new Set(ledgers.map(({ engine }) => engine))];
  const pairs = engines.map((engine) => {
    const sizes = ledgers.filter((each) => each.engine === engine);
    const [few = /** @type {never} */ (undefined)] = sizes;
    return { few, many: sizes.at(-1) ?? few };
  });
  const [{ few, many } = /** @type {never} */ (undefined)] = pairs;
  const both = (/** @type {(grown: typeof few) => number} */ read) =>
    pairs.map((pair) => `${digits(read(pair.few))} / ${digits(read(pair.many))}`);
  const steps = Object.keys(few.ms).map((step) => [
    step,
    ...both(({ ms }) => ms[step] ?? Number.NaN),
  ]);
  const rates = /** @type {const} */ (["claims", "charges"]).map((what) => [
    `${what} per second, 32 users at once`,
    ...both(({ perSecond }) => perSecond[what]),
  ]);
  const bytes = pairs.map(({ few, many }) =>
    digits((many.bytes - few.bytes) / (many.rows - few.rows)),
  );
  const rows = [...steps, ["bytes a row, indexes included", ...bytes], ...rates];
  const counts = [few, many].map(({ rows }) => rows.toLocaleString("en")).join(" / with ");
  return `Each cell is with ${counts} rows: medians in milliseconds.\n\n${table(["step", ...engines], rows)}${leftOut(missing)}`;
}
