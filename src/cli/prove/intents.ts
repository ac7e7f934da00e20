import { mintKey } from "../../contract";

/** A usage that customers buy. */
export interface Item {
  usage: string;
  /** True where one charge of a resource stays paid for longer than any trial takes. */
  isKept: boolean;
}

/** What each kind of customer buys: one list for each kind. No list names a usage twice. */
export type Baskets = readonly (readonly Item[])[];

/** One thing that a customer wants to pay for once. No two intents share user and usage, so ARES's book tells them apart. */
export interface Intent {
  /** `user usage` */
  name: string;
  user: string;
  usage: string;
  resource: string | null;
  /** The idempotency key of each duplicate. All duplicates are sent at the same time. */
  keys: string[];
}

/**
 * Makes the n-th intent at the moment of its gesture. Several requests ask for it at once. Most share one key, as a double
 * click or a retrying proxy does. One intent in four has the keys of two tabs that want the same resource.
 */
export function makeIntent(n: number, duplicates: number, baskets: Baskets): Intent {
  const { user, usage, isKept } = placeOf(n, baskets);
  const twoTabs = isKept && duplicates > 2 && n % 4 === 0;
  const [key, other] = [mintKey(Date.now()), mintKey(Date.now())];
  return {
    name: `${user} ${usage}`,
    user,
    usage,
    resource: twoTabs ? `document-${n}` : null,
    keys: Array.from({ length: duplicates }, (_, at) => (twoTabs && at % 2 === 1 ? other : key)),
  };
}

/** Who presses, and for what. */
export interface Want {
  user: string;
  usage: string;
}

/** A double click. */
export function makeDoubleClick({ user, usage }: Want): Intent {
  const key = mintKey(Date.now());
  return { name: `${user} ${usage}`, user, usage, resource: null, keys: [key, key] };
}

/** The users behind the first `count` intents. */
export function usersOf(count: number, baskets: Baskets): string[] {
  return [...new Set(Array.from({ length: count }, (_, n) => placeOf(n, baskets).user))];
}

/** One customer of each kind comes after the other, and then the next of each kind. */
function placeOf(n: number, baskets: Baskets): Item & { user: string } {
  const items = baskets.flatMap((basket, kind) => basket.map((item) => ({ item, kind })));
  const place = items[n % items.length];
  if (!place) throw new Error("Nobody buys anything.");
  const user = `user-${Math.floor(n / items.length)}-${place.kind}`;
  return { ...place.item, user };
}
