import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import {
  ceilHundredths,
  definePrices,
  inputDigest,
  inputText,
  listedPrice,
  quoted,
  type StandardSchemaV1,
} from "../../src/contract";

const MOST = 10_000;

/** Whole numbers below `most`, the same in each run. */
function* numbers(count: number, most: number) {
  let seed = 20_261_128;
  for (let n = 0; n < count; n++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    yield seed % most;
  }
}

describe("a computed price", () => {
  it.each([
    [12 * 0.1, 120],
    [3 * 1.1, 330],
    [0.1 + 0.2, 30],
    [0.07 * 100, 700],
    [1.15, 115],
    [1.005, 101],
    [1.2000001, 121],
    [0.001, 1],
    [1e-9, 1],
    [0, 0],
    [-0, 0],
    [0.3 - 3 * 0.1, 0],
    [10_000, 1_000_000],
    [10_000 + 1e-13, 1_000_000],
  ])("of %d is rounded up to %d hundredths, without its noise", (credits, hundredths) => {
    expect(ceilHundredths(credits, MOST)).toBe(hundredths);
  });

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0.01,
    -0.001,
    -1e-9,
    10_000.01,
    1e308,
    -1e308,
    -1e12,
    -5,
    "1",
    1n,
    null,
    undefined,
    true,
    {},
    [1],
  ])("of %s can't be charged", (credits) => {
    expect(ceilHundredths(credits, MOST)).toBeUndefined();
  });

  it("is exact for every product of a whole number and a price with two places", () => {
    for (let hundredths = 1; hundredths <= 500; hundredths++)
      for (const pages of numbers(400, 2_000)) {
        const price = ceilHundredths(pages * (hundredths / 100), MOST);
        // An expectation for each of 200,000 takes seconds.
        if (price !== pages * hundredths) expect([pages, hundredths, price]).toBe("exact");
      }
  });

  it("is exact for sums of thousands of parts", () => {
    for (const part of [0.01, 0.1, 0.07, 1.13]) {
      let sum = 0;
      for (let n = 1; n <= 5_000; n++) {
        sum += part;
        if (ceilHundredths(sum, MOST) !== n * Math.round(part * 100))
          expect([part, n, sum]).toBe("exact");
      }
    }
  });

  it("is never below the price and less than a hundredth above it", () => {
    for (const thousandths of numbers(20_000, 9_000_000)) {
      const price = ceilHundredths(thousandths / 1_000, MOST);
      // Whole arithmetic knows the right answer.
      if (price !== Math.ceil(thousandths / 10)) expect([thousandths, price]).toBe("exact");
    }
  });
});

describe("the text of an input", () => {
  it.each([
    [{ b: 1, a: [true, null, "x", -0, 1.5] }, '{"a":[true,null,"x",0,1.5],"b":1}'],
    [{ a: { d: 1, c: 2 } }, '{"a":{"c":2,"d":1}}'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['\ud800 \u2028 "', '"\\ud800 \u2028 \\""'],
    [1e21, "1e+21"],
    [null, "null"],
    [[], "[]"],
    [{ "10": 1, "9": 2, a: 3, B: 4 }, '{"10":1,"9":2,"B":4,"a":3}'],
  ])("of %j has one form", (value, text) => {
    expect(inputText(value)).toBe(text);
    expect(inputText(JSON.parse(text))).toBe(text);
  });

  it("is the same for every order of its members", () => {
    const members = Object.entries({ pages: 3, "a b": [1], ä: null, "": "x", 7: { z: 1, y: 2 } });
    for (let n = 0; n < members.length; n++) {
      members.push(members.shift() ?? ["", 0]);
      expect(inputText(Object.fromEntries(members))).toBe(
        '{"":"x","7":{"y":2,"z":1},"a b":[1],"pages":3,"ä":null}',
      );
    }
  });

  const circle: { own?: unknown } = {};
  circle.own = circle;
  it.each([
    ["undefined", undefined],
    ["a function", () => 1],
    ["a symbol", Symbol("x")],
    ["a big integer", 1n],
    ["NaN", { a: Number.NaN }],
    ["a number that JSON can't hold", JSON.parse('{"a":1e999}')],
    ["a date", new Date(0)],
    ["a map", { a: new Map([[1, 2]]) }],
    ["an instance of a class", new (class Film {})()],
    ["undefined in an array", [undefined]],
    ["a hole in an array", new Array(2)],
    ["a circle", circle],
    ["33 levels", JSON.parse(`${"[".repeat(34)}${"]".repeat(34)}`)],
    ["a member that would set a prototype", JSON.parse('{"__proto__":{"pages":1}}')],
  ])("is none for %s", (_, value) => {
    expect(inputText(value)).toBeUndefined();
  });

  it("has a digest that never changes: rows are found by it", async () => {
    expect(await inputDigest('{"pages":12}')).toBe("vZgTVGxrvJ7UeuzIOrOAgDGrcEsrvAMPABNsAGiHj-E");
  });
});

describe("a quoted price", () => {
  const input = z.object({ pages: z.number() });
  const credits = ({ pages }: { pages: number }) => pages * 0.1;

  it("is listed without credits, with the terms of a constant one", () => {
    const prices = definePrices({
      render: quoted({ input, credits, keepMs: 5 }),
      report: { credits: 3 },
      "export-pdf": 1,
    });

    expect(listedPrice(prices, "render")).toEqual({ quote: prices.render, keepMs: 5 });
    expect(listedPrice(prices, "report")).toEqual({ credits: 3, keepMs: Number.POSITIVE_INFINITY });
  });

  it("takes the schema of any library, also one that is a function", () => {
    const callable: StandardSchemaV1<number> = Object.assign(() => true, {
      "~standard": { version: 1 as const, vendor: "own", validate: () => ({ value: 1 }) },
    });
    expect(() =>
      definePrices({ render: quoted({ input: callable, credits: (pages) => pages }) }),
    ).not.toThrow();
  });

  it.each([
    ["no schema", { input: { parse: () => 1 }, credits }, "Standard Schema"],
    ["no schema at all", { input: undefined, credits }, "Standard Schema"],
    ["no function", { input, credits: 3 }, "function of the input"],
    ["a highest price of nothing", { input, credits, maxCredits: 0 }, "maxCredits"],
    ["a highest price of no number", { input, credits, maxCredits: Number.NaN }, "maxCredits"],
    ["no time to keep", { input, credits, keepMs: 0 }, "keepMs"],
    ["a function without an input", { credits }, "quoted({ input, credits })"],
  ])("with %s stops the start", (_, price, words) => {
    expect(() => definePrices({ render: price as never })).toThrow(words);
  });
});
