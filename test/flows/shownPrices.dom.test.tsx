import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod/mini";
import { useAresPrice, useAresUsage } from "../../src/react";
import { definePrices, quoted } from "../../src/server";
import { openPage, pass } from "./page";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const Film = z.object({ pages: z.number(), paper: z.optional(z.string()) });
type Film = z.infer<typeof Film>;

/** A shop whose film costs a credit for each page, until a test raises the rate. */
function openShop(ui: React.ReactNode) {
  let rate = 1;
  const prices = definePrices({
    report: 3,
    film: quoted({ input: Film, credits: ({ pages }) => pages * rate }),
  });
  const page = openPage(ui, { prices });
  return {
    ...page,
    raise: () => {
      rate = 9;
    },
    taken: () => page.simulator.charges.map(({ credits }) => credits),
    sent: () => page.wire.posts().map(({ body }) => Object(body).credits),
  };
}

function Price({ film }: { film: Film }) {
  const { price } = useAresPrice({ usage: "film", input: film });
  return <output>{price ?? "…"}</output>;
}

/** One hook for a list of films. Its button charges for `film`; the hook's own input is `own`. */
function Buy({ film, own, credits }: { film: Film; own?: Film; credits?: number }) {
  const usage = useAresUsage({ usage: "film", input: own });
  const code = "error" in usage && usage.error?.code;
  return (
    <button type="button" onClick={() => usage.charge({ input: film, credits })}>
      buy {[usage.status, code].filter(Boolean).join(" ")}
    </button>
  );
}

async function buy(): Promise<string | null> {
  const button = screen.getByRole("button");
  fireEvent.click(button);
  await pass(1000);
  return button.textContent;
}

/** Longer than the price of an input counts as fresh. */
const STALE_MS = 31_000;
/** Longer than react-query keeps a price that nobody shows. */
const DROPPED_MS = 6 * 60_000;

describe("a call for an input whose price useAresPrice shows", () => {
  const ui = (
    <>
      <Price film={{ pages: 1 }} />
      <Buy film={{ pages: 1 }} />
    </>
  );

  test("is charged at that price", async () => {
    const { taken } = openShop(ui);
    await screen.findByText("1");

    expect(await buy()).toBe("buy charged");
    expect(taken()).toEqual([1]);
  });

  test("takes nothing when the price is another now, and the new price once that is shown", async () => {
    const { raise, sent, taken } = openShop(ui);
    await screen.findByText("1");
    raise();
    await pass(STALE_MS);

    expect(await buy()).toBe("buy not_charged price_changed");
    expect([sent(), taken()]).toEqual([[1], []]);

    await screen.findByText("9");
    expect(await buy()).toBe("buy charged");
    expect(taken()).toEqual([9]);
  });

  test("agrees to it also long after it left the page", async () => {
    const { raise, sent, show, taken } = openShop(ui);
    await screen.findByText("1");
    show(<Buy film={{ pages: 1 }} />);
    await pass(DROPPED_MS);
    raise();

    expect(await buy()).toBe("buy not_charged price_changed");
    expect([sent(), taken()]).toEqual([[1], []]);
  });

  test("has the same input when only the order of its members differs", async () => {
    const { taken } = openShop(
      <>
        <Price film={{ pages: 2, paper: "A4" }} />
        <Buy film={{ paper: "A4", pages: 2 }} />
      </>,
    );
    await screen.findByText("2");

    expect(await buy()).toBe("buy charged");
    expect(taken()).toEqual([2]);
  });
});

test("a lost answer and a call with the same members in another order are one deduction", async () => {
  const { show, taken, wire } = openShop(<Buy film={{ pages: 2, paper: "A4" }} credits={2} />);
  await pass(1000);
  wire.losePost("after");
  await buy();
  show(<Buy film={{ paper: "A4", pages: 2 }} credits={2} />);
  await buy();
  await pass(5000);

  expect(screen.getByRole("button").textContent).toBe("buy charged");
  expect(taken()).toEqual([2]);
});

test("a lost answer, a reload and a call with the same members in another order are one deduction", async () => {
  const { reload, taken, wire } = openShop(<Buy film={{ pages: 2, paper: "A4" }} credits={2} />);
  await pass(1000);
  wire.losePost("after");
  await buy();
  reload(<Buy film={{ paper: "A4", pages: 2 }} credits={2} />);
  await buy();
  await pass(5000);

  expect(screen.getByRole("button").textContent).toBe("buy charged");
  expect(taken()).toEqual([2]);
});

describe("a call for another input than the page has shown", () => {
  test("sends nothing, and tells the developer what to do", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { sent, wire } = openShop(
      <>
        <Price film={{ pages: 1 }} />
        <Buy film={{ pages: 70 }} own={{ pages: 1 }} />
      </>,
    );
    await screen.findByText("1");
    const before = wire.log.length;

    expect(await buy()).toBe("buy not_charged invalid_request");
    expect([sent(), wire.log.length]).toEqual([[], before]);
    expect(warn.mock.calls.join()).toMatch(/useAresPrice.*credits/);
  });

  test("is charged at the credits that the call names", async () => {
    const { taken } = openShop(<Buy film={{ pages: 70 }} credits={70} />);

    expect(await buy()).toBe("buy charged");
    expect(taken()).toEqual([70]);
  });

  test("knows nothing of what the user before was shown", async () => {
    const { sent, show } = openShop(<Price film={{ pages: 1 }} />);
    await screen.findByText("1");
    show(<Buy film={{ pages: 1 }} />, { userKey: "bob" });

    expect(await buy()).toBe("buy not_charged invalid_request");
    expect(sent()).toEqual([]);
  });
});

describe("a call for the hook's own input", () => {
  test("agrees to the shown price when its input is written out again", async () => {
    const { raise, sent, taken } = openShop(<Buy film={{ pages: 1 }} own={{ pages: 1 }} />);
    await pass(1000);
    raise();
    await pass(STALE_MS);

    expect(await buy()).toBe("buy not_charged price_changed");
    expect([sent(), taken()]).toEqual([[1], []]);
  });

  test("waits for the price that the page is about to show", async () => {
    const { taken } = openShop(<Buy film={{ pages: 1 }} own={{ pages: 1 }} />);

    expect(await buy()).toBe("buy charged");
    expect(taken()).toEqual([1]);
  });

  test("takes nothing when the user types on before the price was shown", async () => {
    const { sent, show, wire } = openShop(<Buy film={{ pages: 1 }} own={{ pages: 1 }} />);
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    wire.meddle((_, forward) => held.then(forward));
    await buy();
    show(<Buy film={{ pages: 2 }} own={{ pages: 2 }} />);
    await act(async () => answer());
    await pass(2000);

    expect(sent()).toEqual([]);
  });
});
