import { JSDOM } from "jsdom";

const LIMIT_MS = 20_000;

/** Makes this process a page, without Testing Library, because the oldest React lacks the `act` that it needs. */
export function openPage() {
  const { window } = new JSDOM("<!doctype html>", {
    url: "https://app.example/",
    pretendToBeVisual: true,
  });
  const names = [
    "window",
    "document",
    "navigator",
    "location",
    "localStorage",
    "sessionStorage",
    "HTMLElement",
    "Element",
    "Node",
  ];
  for (const name of names) define(name, window[name]);
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"])
    define(name, window[name].bind(window));

  /** @type {string[]} */
  const complaints = [];
  console.error = (...words) => complaints.push(words.join(" "));
  window.addEventListener("error", ({ message }) => complaints.push(message));

  const { document } = window;
  const text = () => document.body.textContent ?? "";
  /** @param {RegExp} name */
  const findButton = (name) =>
    [...document.querySelectorAll("button")].find((each) => name.test(each.textContent ?? ""));

  return {
    complaints,
    text,
    findButton,
    newPlace: () => document.body.appendChild(document.createElement("div")),
    /** @param {RegExp} name */
    button: (name) => until(() => findButton(name), `no button ${name}`),
    /** @param {RegExp} words */
    shows: (words) => until(() => words.test(text()) || undefined, `no text ${words}`),
  };

  /**
   * @template T
   * @param {() => T | undefined} find
   * @param {string} otherwise
   * @returns {Promise<T>}
   */
  async function until(find, otherwise) {
    for (
      const giveUpAt = Date.now() + LIMIT_MS;
      Date.now() < giveUpAt;
      await new Promise((next) => setTimeout(next, 20))
    ) {
      const found = find();
      if (found !== undefined) return found;
    }
    throw new Error(
      `The page shows ${otherwise}, but: ${document.body.innerHTML}\n${complaints.join("\n")}`,
    );
  }
}

/** @param {string} name @param {unknown} value */
function define(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
