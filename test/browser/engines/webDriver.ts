import { Buffer } from "node:buffer";
import { mkdirSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import { PATIENCE_MS } from "../../setup/patience";

/** One command of WebDriver: its method and path over HTTP, and its name where an engine speaks WebDriver over a socket. */
const commands = {
  open: ["POST", "/url", "Navigate"],
  reload: ["POST", "/refresh", "Refresh"],
  back: ["POST", "/back", "Back"],
  run: ["POST", "/execute/sync", "ExecuteScript"],
  find: ["POST", "/element", "FindElement"],
  keys: ["POST", "/actions", "PerformActions"],
  newTab: ["POST", "/window/new", "NewWindow"],
  tab: ["GET", "/window", "GetWindowHandle"],
  tabs: ["GET", "/window/handles", "GetWindowHandles"],
  switchTo: ["POST", "/window", "SwitchToWindow"],
  closeTab: ["DELETE", "/window", "CloseWindow"],
  photograph: ["GET", "/screenshot", "TakeScreenshot"],
} as const;

type Command = (typeof commands)[keyof typeof commands];
/** Sends one command to one browser. Resolves to the value of the answer. */
export type Send = (command: Command, body: object) => Promise<unknown>;

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const Found = z.object({ [ELEMENT]: z.string() });
const NewTab = z.object({ handle: z.string() });

/** One tab of a browser. Every locator is an XPath. */
export type Tab = ReturnType<typeof openTabs>["first"];

/** Speaks WebDriver to one browser. Commands of several tabs go one by one. */
export function openTabs(send: Send, click: (element: string) => Promise<unknown>) {
  let last: Promise<unknown> = Promise.resolve();
  let current = "";

  /** Sends commands in the name of one tab, with no command of another tab between them. */
  function inTab<T>(handle: () => string, work: () => Promise<T>): Promise<T> {
    const next = last.then(async () => {
      if (handle() !== "" && handle() !== current) {
        await send(commands.switchTo, { handle: handle() });
        current = handle();
      }
      return work();
    });
    last = next.catch(() => undefined);
    return next;
  }

  function tab(handle: () => string) {
    const inThis = <T>(work: () => Promise<T>) => inTab(handle, work);
    const run = (body: string, args: readonly unknown[]) =>
      inThis(() => send(commands.run, { script: body, args }));

    /** Runs a function in the page. The function sees its arguments and the page, and nothing of this file. */
    const ask = <A extends readonly unknown[]>(work: (...args: A) => unknown, ...args: A) =>
      run(`return (${work}).apply(null, arguments)`, args);

    /** Waits until a function of the page says yes. */
    async function until<A extends readonly unknown[]>(
      work: (...args: A) => boolean,
      ...args: A
    ): Promise<void> {
      const end = Date.now() + PATIENCE_MS;
      let fault: unknown;
      while (Date.now() < end) {
        // A page that is just loading answers nothing.
        const answer = await ask(work, ...args).catch((error: unknown) => {
          fault = error;
        });
        if (answer === true) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const seen = await ask(() => document.body?.innerText).catch(() => fault);
      throw new Error(
        `The page did not come to it: ${work} of ${JSON.stringify(args)}. The page shows:\n${seen}`,
      );
    }

    const see = (what: string) => until(isSeen, what);

    async function press(what: string): Promise<void> {
      await see(what);
      await inThis(async () => {
        const found = await send(commands.find, { using: "xpath", value: what });
        await click(Found.parse(found)[ELEMENT]);
      });
    }

    return {
      open: (url: string) => inThis(() => send(commands.open, { url })),
      reload: () => inThis(() => send(commands.reload, {})),
      back: () => inThis(() => send(commands.back, {})),
      ask,
      until,
      /** Waits until a part of the page is there and has a size. */
      see,
      /** Waits until no such part is seen. */
      miss: (what: string) => until(isMissed, what),
      /** True where such a part is seen now. */
      sees: async (what: string) => (await ask(isSeen, what)) === true,
      /** Clicks as a mouse does, in the middle of the part. */
      press,
      /** Presses keys one after the other, as a keyboard does. */
      type: (...keys: string[]) =>
        inThis(() =>
          send(commands.keys, {
            actions: [
              {
                type: "key",
                id: "keyboard",
                actions: keys.flatMap((value) => [
                  { type: "keyDown", value },
                  { type: "keyUp", value },
                ]),
              },
            ],
          }),
        ),
      /** Keeps a picture outside git, for people to look at. */
      photograph: (name: string) =>
        inThis(async () => {
          mkdirSync("artefacts/engines", { recursive: true });
          writeFileSync(
            `artefacts/engines/${name}.png`,
            Buffer.from(String(await send(commands.photograph, {})), "base64"),
          );
        }),
      close: () => inThis(() => send(commands.closeTab, {})).then(() => undefined),
    };
  }

  let firstHandle = "";
  /** The first tab needs no handle until there is another. */
  const knowFirst = async () => {
    if (firstHandle === "") firstHandle = current = String(await send(commands.tab, {}));
  };
  const between = <T>(work: () => Promise<T>) => inTab(() => "", work);

  return {
    first: tab(() => firstHandle),
    /** Opens another tab of the same person. */
    async another() {
      await between(knowFirst);
      const { handle } = NewTab.parse(await between(() => send(commands.newTab, { type: "tab" })));
      return tab(() => handle);
    },
    /** Closes every tab but the first, as a user does who comes back. */
    async closeOthers() {
      await between(knowFirst);
      for (const handle of z
        .array(z.string())
        .parse(await between(() => send(commands.tabs, {})))) {
        if (handle === firstHandle) continue;
        await inTab(
          () => handle,
          () => send(commands.closeTab, {}),
        );
        current = "";
      }
      // The browser shows the first tab again.
      await inTab(
        () => firstHandle,
        () => Promise.resolve(),
      );
    },
  };
}

/** The keys that WebDriver names by code points of their own. */
export const Key = { tab: "\uE004", enter: "\uE007", escape: "\uE00C", shift: "\uE008" } as const;

/** Runs in the page. */
function isSeen(what: string): boolean {
  const found = document.evaluate(
    what,
    document,
    null,
    XPathResult.ORDERED_NODE_SNAPSHOT_TYPE,
    null,
  );
  for (let i = 0; i < found.snapshotLength; i += 1) {
    const node = found.snapshotItem(i);
    if (node instanceof Element && node.getClientRects().length > 0) return true;
  }
  return false;
}

/** Runs in the page. The document is there, and the part is not. */
function isMissed(what: string): boolean {
  const found = document.evaluate(
    what,
    document,
    null,
    XPathResult.ORDERED_NODE_SNAPSHOT_TYPE,
    null,
  );
  for (let i = 0; i < found.snapshotLength; i += 1) {
    const node = found.snapshotItem(i);
    if (node instanceof Element && node.getClientRects().length > 0) return false;
  }
  return document.readyState === "complete";
}
