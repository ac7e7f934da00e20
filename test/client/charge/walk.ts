import {
  Broken,
  createMoves,
  nameOfFound,
  type Post,
  type Rules,
  rules,
  type Setting,
  type Tab,
  type Task,
  type World,
} from "./world";

export interface Walk {
  worlds: number;
  /** The law that broke first, and the shortest way there. */
  broken?: string;
}

/** Walks through every world that can be reached, nearest first, until a law breaks. */
export function walk(setting: Setting, changed: Partial<Rules> = {}): Walk {
  const { start, moves } = createMoves(setting, { ...rules, ...changed });
  const cameFrom = new Map<string, [string, string] | undefined>([[nameOf(start), undefined]]);
  let edge: [string, World][] = [[nameOf(start), start]];
  while (edge.length) {
    const beyond: typeof edge = [];
    for (const [here, world] of edge) {
      try {
        for (const [label, after] of moves(world)) {
          const name = after === world ? here : nameOf(after);
          if (cameFrom.has(name)) continue;
          cameFrom.set(name, [here, label]);
          beyond.push([name, after]);
        }
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        return {
          worlds: cameFrom.size,
          broken: `${error.message} On the way: ${[...wayTo(cameFrom, here), error.cause].join(" > ")}`,
        };
      }
    }
    edge = beyond;
  }
  return { worlds: cameFrom.size };
}

function wayTo(
  cameFrom: ReadonlyMap<string, [string, string] | undefined>,
  name: string,
): string[] {
  const steps: string[] = [];
  for (let at = cameFrom.get(name); at; at = cameFrom.get(at[0])) steps.unshift(at[1]);
  return steps;
}

/** Two worlds of one name have the same future. An step is only a name for "the state of now": older tasks were dropped. */
function nameOf({
  tabs,
  posts,
  rows,
  latest,
  stored,
  deducted,
  senders,
  ended,
  tooOld,
  shown,
  used,
}: World): string {
  let name = `${nameOfRecord(rows)}/${nameOfRecord(stored)}/${nameOfRecord(senders)}/${latest}/${deducted}/${ended}/${tooOld}/${shown}/${nameOfUse(used)}`;
  for (const tab of tabs) name += `/${nameOfTab(tab)}`;
  for (const post of posts) name += `/${nameOfPost(post)}`;
  return name;
}

/** A short name for each that is told apart. Most of a world is the same object in the next one. */
function remembered<T extends object>(describe: (thing: T) => string): (thing: T) => string {
  const names = new WeakMap<T, string>();
  const shorts = new Map<string, string>();
  return (thing) => {
    const known = names.get(thing);
    if (known !== undefined) return known;
    const long = describe(thing);
    const short = shorts.get(long) ?? shorts.size.toString(36);
    shorts.set(long, short);
    names.set(thing, short);
    return short;
  };
}

const nameOfRecord = remembered((record: Readonly<Record<string, unknown>>) =>
  Object.keys(record)
    .sort()
    .map((key) => key + JSON.stringify(record[key]))
    .join(),
);

const nameOfUse = remembered((used: World["used"]) => Object.values(used).join());

const nameOfPost = remembered(({ tab, key, again, way, open, outcome }: Post) =>
  [tab, key, again, way, open, outcome].join(),
);

const nameOfTab = remembered(({ charge, tasks, delivered, news, doubts }: Tab) => {
  const { status, pending, out, reading } = charge;
  const parts: unknown[] = [
    status,
    pending?.key,
    pending?.sent,
    pending?.gone,
    pending?.second,
    out,
    reading,
    delivered.join("+"),
    news,
    doubts,
  ];
  if (charge.status === "watching") parts.push(charge.waited >= 60_000, charge.doubt?.readable);
  if (charge.status === "queued") parts.push(charge.second);
  if (charge.status === "asking") parts.push(charge.waited >= 60_000);
  if (charge.status === "unknown") parts.push(charge.doubt.readable);
  if (charge.status === "posted") parts.push(charge.again);
  return [...parts, ...tasks.map(nameOfTask)].join();
});

function nameOfTask(task: Task): string {
  return task.type === "answered"
    ? [nameOfFound(task.found), nameOfFound(task.own), task.old, task.sends].join("+")
    : task.type;
}
