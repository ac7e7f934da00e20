import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { partsOf } from "../../../src/react/gate/parts/looks";
import { Title } from "../../../src/react/gate/words/Title";

test.each([
  ["Not enough credits.", "Not enough credits", ""],
  ["New price: 0.5 credits.", "New price: 0.5 credits", ""],
  [
    "Connecting did not work. You were not charged.",
    "Connecting did not work",
    "You were not charged.",
  ],
  [
    "連携できませんでした。引き落とされていません。",
    "連携できませんでした",
    "引き落とされていません。",
  ],
  ["رصيدك غير كافٍ.", "رصيدك غير كافٍ", ""],
])("the title of %s is its first sentence, whose full stop is only heard", (text, title, rest) => {
  const { container } = render(<Title part={partsOf<"detail">({})}>{text}</Title>);
  expect(container.textContent?.replace("。 ", "。")).toBe(text);
  const seen = container.querySelectorAll("[data-ares-part=detail]");
  expect([...seen].map(({ textContent }) => textContent)).toEqual(rest ? [rest] : []);
  expect(container.firstChild?.textContent).toBe(title);
  expect(container.querySelector("[data-ares-part=heard]")?.textContent).toMatch(/^[.。]$/);
});
