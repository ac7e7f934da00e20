import { type Prices, priceOf } from "../../contract";
import type { AresServerOptions } from "../../server";
import type { Baskets, Item, Want } from "./intents";

/** What customers buy in a trial of an app. */
export interface Plan {
  baskets: Baskets;
  /** Those who are meant to meet the cap. */
  capped: Want[];
  /** The most that one user may spend, in credits. Infinity: no cap. */
  room: number;
  /** What is not tried, and why. */
  leftOut: string[];
}

interface PricedItem extends Item {
  credits: number;
}

const BASKET_SIZE = 10;
/** A trial takes minutes. What stays paid for an hour is charged once in it. */
const LONG_MS = 60 * 60_000;
const CAPPED_USERS = 2;
/** A cap that is further away than so many charges is not met. */
const MOST_PRESSES = 60;

/** Spreads an app's usages over so many users that nobody meets the cap, but two who are meant to. */
export function planOf(prices: Prices, spendCap: AresServerOptions["spendCap"] = {}): Plan {
  const room = Math.min(spendCap.perMinute ?? Infinity, spendCap.perDay ?? Infinity);
  const quoted: string[] = [];
  const priced: PricedItem[] = [];
  for (const [usage, price] of Object.entries(prices)) {
    const { credits, keepMs } = priceOf(price);
    if (credits === undefined) quoted.push(usage);
    else priced.push({ usage, credits, isKept: keepMs >= LONG_MS });
  }
  const affordable = priced.filter(({ credits }) => credits <= room);
  const { capped, tooFar } = whoMeetsTheCap(affordable, room);
  return {
    baskets: basketsOf(affordable, room),
    capped,
    room,
    leftOut: [
      ...quoted.map((usage) => `${usage}: its price is quoted, and prove has no input for it`),
      ...priced
        .filter((item) => !affordable.includes(item))
        .map(({ usage, credits }) => `${usage}: ${credits} credits are more than spendCap allows`),
      ...(tooFar ? [`spendCap: ${room} credits are too many charges away to be met`] : []),
    ],
  };
}

/** Fills one basket after the other, as far as the cap allows. */
function basketsOf(items: readonly PricedItem[], room: number): PricedItem[][] {
  const baskets: PricedItem[][] = [];
  let left = 0;
  for (const item of items) {
    const last = baskets.at(-1);
    if (!last || last.length === BASKET_SIZE || hundredths(item.credits) > left) {
      baskets.push([item]);
      left = hundredths(room) - hundredths(item.credits);
    } else {
      last.push(item);
      left -= hundredths(item.credits);
    }
  }
  return baskets;
}

const hundredths = (credits: number) => Math.round(credits * 100);

function whoMeetsTheCap(items: readonly PricedItem[], room: number) {
  const dearest = items.toSorted((a, b) => b.credits - a.credits)[0];
  if (!dearest || room === Infinity) return { capped: [], tooFar: false };
  const presses = Math.floor(hundredths(room) / hundredths(dearest.credits)) + 3;
  if (presses > MOST_PRESSES) return { capped: [], tooFar: true };
  const users = Array.from({ length: CAPPED_USERS }, (_, n) => `capped-${n}`);
  const capped = users.flatMap((user) =>
    Array.from({ length: presses }, () => ({ user, usage: dearest.usage })),
  );
  return { capped, tooFar: false };
}
