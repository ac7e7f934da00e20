import { mintKey } from "../../contract";

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

const USAGES_PER_USER = 10;
const usageNames = Array.from({ length: USAGES_PER_USER }, (_, n) => `usage-${n}`);

/**
 * Makes an intent at the moment of its gesture. Several requests ask for it at once. Most share one key, as a double
 * click or a retrying proxy does. One intent in four has the keys of two tabs that want the same resource.
 */
export function makeIntent(n: number, duplicates: number): Intent {
  const [user, usage] = [userOf(n), usageNames[n % USAGES_PER_USER] ?? ""];
  const twoTabs = duplicates > 2 && n % 4 === 0;
  const [key, other] = [mintKey(Date.now()), mintKey(Date.now())];
  return {
    name: `${user} ${usage}`,
    user,
    usage,
    resource: twoTabs ? `document-${n}` : null,
    keys: Array.from({ length: duplicates }, (_, at) => (twoTabs && at % 2 === 1 ? other : key)),
  };
}

/** Each usage costs one credit. */
export const prices = Object.fromEntries(usageNames.map((usage) => [usage, 1]));

/** The users behind the first `count` intents. */
export function usersOf(count: number): string[] {
  return Array.from({ length: Math.ceil(count / USAGES_PER_USER) }, (_, n) =>
    userOf(n * USAGES_PER_USER),
  );
}

function userOf(n: number): string {
  return `user-${Math.floor(n / USAGES_PER_USER)}`;
}
