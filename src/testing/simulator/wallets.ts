import { fromHundredths, isCredits, toHundredths } from "../../contract";

/** One deduction in ARES's book. */
export interface BookedCharge {
  /** Milliseconds since 1970 on the simulator's clock. */
  at: number;
  /** The simulator's name of the user. */
  userId: string;
  clientId: string;
  usage: string;
  credits: number;
}

/** What a user of the simulator starts with: credits alone, or with an e-mail address. */
export type SimulatedUser = number | { credits: number; email?: string };

interface Wallet {
  email: string;
  hundredths: number;
  /** Every balance there was, oldest first, for reads that lag behind. */
  history: { at: number; hundredths: number }[];
}

/** Who owns how many credits, and every deduction. All sums are whole hundredths, so none can drift. */
export type Wallets = ReturnType<typeof createWallets>;

export function createWallets(users: Readonly<Record<string, SimulatedUser>>, now: () => number) {
  const wallets = new Map<string, Wallet>();
  const book: {
    at: number;
    userId: string;
    clientId: string;
    usage: string;
    hundredths: number;
  }[] = [];

  function wallet(user: string): Wallet {
    const found = wallets.get(user);
    if (found) return found;
    throw new Error(
      `The simulator has no user "${user}". It knows ${[...wallets.keys()].join(", ") || "nobody"}. Name one of these, or add the user first.`,
    );
  }

  function move(user: string, hundredths: number): void {
    const moved = wallet(user);
    moved.hundredths += hundredths;
    moved.history.push({ at: now(), hundredths: moved.hundredths });
  }

  function add(user: string, start: SimulatedUser): void {
    const { credits, email } =
      typeof start === "number" ? { credits: start, email: undefined } : start;
    const hundredths = amount(credits);
    wallets.set(user, {
      email: email ?? `${user}@example.com`,
      hundredths,
      history: [{ at: now(), hundredths }],
    });
  }

  for (const [user, start] of Object.entries(users)) add(user, start);

  return {
    add,
    names: () => [...wallets.keys()],
    emailOf: (user: string) => wallet(user).email,
    balanceOf: (user: string) => fromHundredths(wallet(user).hundredths),

    /** The balance as it was some time ago; the oldest one known when there is none that old. */
    balanceBefore(user: string, lagMs: number): number {
      const { history, hundredths } = wallet(user);
      if (lagMs === 0) return fromHundredths(hundredths);
      const past = history.filter(({ at }) => at <= now() - lagMs).at(-1) ?? history[0];
      return fromHundredths(past?.hundredths ?? hundredths);
    },

    /** Moves credits that no charge moved: a top up, or another app's spending. */
    topUp: (user: string, credits: number) => move(user, amount(credits)),
    spendElsewhere(user: string, credits: number): void {
      if (amount(credits) > wallet(user).hundredths)
        throw new Error(
          `"${user}" owns ${wallet(user).hundredths / 100} credits, so another app can't spend ${credits}. Spend less.`,
        );
      move(user, -amount(credits));
    },
    setBalance: (user: string, credits: number) =>
      move(user, amount(credits) - wallet(user).hundredths),

    /** Deducts and writes down in one step; false when the user owns too little, and then nothing happened. */
    charge(user: string, clientId: string, usage: string, hundredths: number): boolean {
      if (wallet(user).hundredths < hundredths) return false;
      move(user, -hundredths);
      book.push({ at: now(), userId: user, clientId, usage, hundredths });
      return true;
    },
    charges: (): BookedCharge[] =>
      book.map(({ hundredths, ...entry }) => ({ ...entry, credits: fromHundredths(hundredths) })),
  };
}

function amount(credits: number): number {
  if (!isCredits(credits))
    throw new Error(
      `${String(credits)} is no amount of credits. Use zero or more, with at most two decimal places.`,
    );
  return toHundredths(credits);
}
