import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { charge, type Demo, eventually, newKey, startDemo } from "../demo";
import { type EngineBrowser, engines } from "./engines";
import { Key, type Tab } from "./webDriver";
import { openWire } from "./wire";

const inGate = (label: string, what: string) => `//*[@role="group"][@aria-label="${label}"]${what}`;
const button = (words: string) => `//button[contains(normalize-space(.), "${words}")]`;
const words = (text: string) => `//*[contains(normalize-space(.), "${text}")]`;
const unlockPdf = inGate("Export as PDF", button("Unlock"));
const pdf = button("Download field-notes.pdf");
const unlockMoths = inGate("Moths at the lamp", button("Unlock"));
const moths = words("Sixty-two nights");
const shownBalance = (credits: number) => `//header${words(`${credits} credits`)}`;
const ready = (what: string) => `${what}[not(@aria-disabled="true")]`;

describe.each(engines)("in %s,", (_, { name, missing, start }) => {
  describe.skipIf(missing.length > 0)("a page", () => {
    let browser: EngineBrowser;
    let demo: Demo;
    let wire: Awaited<ReturnType<typeof openWire>>;
    let tab: Tab;
    let person: string;
    const taken = () => demo.deductions(person);
    const photograph = (what: string) => tab.photograph(`${name}-${what}`);

    beforeAll(async () => {
      [browser, demo] = await Promise.all([start(), startDemo()]);
      wire = await openWire(demo);
      tab = browser.first;
    });
    afterAll(async () => {
      await browser?.quit();
      await wire?.close();
      await demo?.stop();
    });
    beforeEach(async () => {
      await demo.heal();
      await demo.latency(50);
      person = await demo.newcomer();
      await tab.open(`${wire.address}/favicon.svg`);
      await tab.ask((account) => {
        // biome-ignore lint/suspicious/noDocumentCookie: every engine has it, and the newer API is not everywhere.
        document.cookie = `demo-account=${account}; path=/`;
      }, person);
    });
    afterEach(async () => {
      wire.mend();
      await browser.closeOthers();
    });

    const open = async (where: Tab = tab, path = "/") => {
      await where.open(wire.address + path);
      return where;
    };
    const sending = () =>
      eventually(
        () => demo.ledger(person),
        (states) => states[0] === "sending",
      );

    describe("pressed once", () => {
      it("shows 698 credits, unlocks for one, and says what it cost", async () => {
        await open();
        await tab.see(shownBalance(698));
        await photograph("locked");

        await tab.press(unlockPdf);

        await tab.see(pdf);
        await tab.see(shownBalance(697));
        await photograph("unlocked");
        expect(await taken()).toEqual([1]);
      });

      it("charges once for ten presses in one task", async () => {
        await open();
        await tab.see(shownBalance(698));
        await demo.latency({ user: 0, usage: 800 });

        await tab.ask(() => {
          const pressed = document.querySelector<HTMLElement>(
            '[aria-label="Export as PDF"] [data-ares-part=unlock]',
          );
          for (let i = 0; i < 10; i += 1) pressed?.click();
        });

        await tab.see(pdf);
        await tab.see(shownBalance(697));
        expect(await taken()).toEqual([1]);
        expect(await demo.ledger(person)).toEqual(["charged"]);
      });
    });

    describe("reloaded", () => {
      it("before the request reaches the server: says that nothing was charged, and the next press charges once", async () => {
        await open();
        await tab.see(shownBalance(698));
        const reached = wire.break("before");
        await tab.press(unlockPdf);
        await reached;

        await tab.reload();
        wire.mend();

        const again = `(${ready(inGate("Export as PDF", button("Try again")))} | ${ready(unlockPdf)})`;
        await tab.see(again);
        expect(await taken()).toEqual([]);
        await tab.press(again);
        await tab.see(pdf);
        expect(await taken()).toEqual([1]);
      });

      it("while ARES is slow: opens by itself, paid once", async () => {
        await open();
        await tab.see(shownBalance(698));
        await demo.latency({ user: 0, usage: 2500 });
        await tab.press(unlockPdf);
        await sending();

        await tab.reload();

        await tab.see(inGate("Export as PDF", words("Confirming with ARES")));
        await tab.see(pdf);
        expect(await taken()).toEqual([1]);
      });

      it("after the server's answer, before the page has it: opens by itself, paid once", async () => {
        await open();
        await tab.see(shownBalance(698));
        const reached = wire.break("after");
        await tab.press(unlockPdf);
        await reached;

        await tab.reload();
        wire.mend();

        await tab.see(pdf);
        await tab.see(shownBalance(697));
        expect(await taken()).toEqual([1]);
      });
    });

    describe("in two tabs", () => {
      it("pays once for one resource that both press at the same moment, and opens in both", async () => {
        const other = await open(await browser.another());
        await open();
        await Promise.all([tab.see(unlockMoths), other.see(unlockMoths)]);
        await demo.latency({ user: 0, usage: 800 });
        const listen = () => {
          const press = () =>
            document
              .querySelector<HTMLElement>(
                '[aria-label="Moths at the lamp"] [data-ares-part=unlock]',
              )
              ?.click();
          new BroadcastChannel("press").onmessage = press;
        };
        await tab.ask(listen);
        await other.ask(listen);

        await tab.ask(() => new BroadcastChannel("press").postMessage("now"));

        await Promise.all([tab.see(moths), other.see(moths)]);
        expect(await taken()).toEqual([3]);
      });

      it("shares a charge under way through the storage, and both tabs open when it is charged", async () => {
        const other = await browser.another();
        await open();
        await tab.see(shownBalance(698));
        await demo.latency({ user: 0, usage: 3000 });
        await tab.press(unlockPdf);
        await sending();

        await open(other);

        await other.see(`//*[@aria-label="Export as PDF"][@data-status="charging"]`);
        await Promise.all([tab.see(pdf), other.see(pdf)]);
        expect(await taken()).toEqual([1]);
        expect(await demo.ledger(person)).toEqual(["charged"]);
      });

      it("holds a lock of the browser while a key is sent", async () => {
        await open();
        await tab.see(shownBalance(698));
        await demo.latency({ user: 0, usage: 2500 });
        await tab.ask(() => {
          const { locks } = navigator;
          const ask = locks.request.bind(locks);
          const asked: string[] = [];
          Object.assign(window, { asked });
          Object.defineProperty(locks, "request", {
            value: (...args: Parameters<LockManager["request"]>) => {
              asked.push(args[0]);
              return ask(...args);
            },
          });
        });

        await tab.press(unlockPdf);

        await tab.see(pdf);
        expect(await tab.ask(() => Reflect.get(window, "asked").length)).toBeGreaterThan(0);
      });
    });

    describe("left and come back to", () => {
      const isKept = () =>
        tab.ask(() =>
          addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted })),
        );

      it("opens what was paid on another device, though the browser kept the page as it was", async () => {
        await open();
        await tab.see(unlockMoths);
        await isKept();
        await open(tab, "/favicon.svg");
        const paid = await charge(
          demo,
          newKey(),
          { usage: "report", resource: "moths-2025" },
          person,
        );
        expect(paid.status).toBe(200);

        await tab.back();

        await tab.see(moths);
        await tab.see(shownBalance(695));
        expect(await tab.ask(() => Reflect.get(window, "persisted"))).toBe(true);
        expect(await taken()).toEqual([3]);
      });

      it("opens what was paid in another tab", async () => {
        await open();
        await tab.see(unlockMoths);
        await open(tab, "/favicon.svg");
        const other = await open(await browser.another());
        await other.press(unlockMoths);
        await other.see(moths);
        await other.close();

        await tab.back();

        await tab.see(moths);
        await tab.see(shownBalance(695));
        expect(await taken()).toEqual([3]);
      });

      it("in the middle of a charge: opens by itself, paid once", async () => {
        await open();
        await tab.see(shownBalance(698));
        await demo.latency({ user: 0, usage: 1500 });
        await tab.press(unlockPdf);
        await sending();
        await open(tab, "/favicon.svg");

        await tab.back();

        await tab.see(pdf);
        await tab.see(shownBalance(697));
        expect(await taken()).toEqual([1]);
      });
    });

    describe("offline", () => {
      it("says so, sends nothing, and charges once when it is pressed again online", async () => {
        await open();
        await tab.see(shownBalance(698));
        wire.cut();
        await browser.offline(true);
        await tab.see(inGate("Export as PDF", words("You are offline.")));
        await tab.press(unlockPdf);
        await photograph("offline");

        wire.mend();
        await browser.offline(false);
        await tab.see(ready(unlockPdf));
        expect(await demo.ledger(person)).toEqual([]);
        await tab.press(unlockPdf);

        await tab.see(pdf);
        expect(await taken()).toEqual([1]);
      });

      it("in the middle of a charge: finds it paid once it is back, without another press", async () => {
        await open();
        await tab.see(shownBalance(698));
        await demo.latency({ user: 0, usage: 1500 });
        await tab.press(unlockPdf);
        await sending();

        wire.cut();
        await browser.offline(true);
        await eventually(taken, ({ length }) => length === 1);
        wire.mend();
        await browser.offline(false);

        await tab.see(pdf);
        expect(await taken()).toEqual([1]);
      });
    });

    describe("with a dialog", () => {
      const dialog = `//*[@role="alertdialog"]`;
      const focused = (what: string) =>
        tab.until(
          (wanted) => document.activeElement?.getAttribute("data-ares-part") === wanted,
          what,
        );
      const unlock = inGate("Hills", button("Unlock"));

      beforeEach(async () => {
        await open();
        await tab.press("//form//input");
        await tab.type(..."Hills");
        await tab.press(button("Compose"));
        await tab.press(unlock);
        await tab.see(dialog);
        await focused("cancel");
      });

      it("asks first, gives the focus back, and spends by the keyboard alone", async () => {
        await photograph("dialog");
        await tab.type(Key.escape);
        await tab.miss(dialog);
        await focused("unlock");
        expect(await taken()).toEqual([]);

        await tab.type(Key.enter);
        await focused("cancel");
        await tab.type(Key.tab);
        await focused("confirm");
        await tab.type(Key.enter);

        await tab.see(`//img[@alt="Hills"]`);
        await tab.see(shownBalance(694));
        expect(await taken()).toEqual([4]);
        expect(await tab.ask(() => document.activeElement === document.body)).toBe(false);
      });

      it("never lets the Tab key reach the page behind it", async () => {
        for (let i = 0; i < 6; i += 1) {
          await tab.type(Key.tab);
          // Engines let the focus out to the browser's own bar. The page then has none.
          const where = await tab.ask(() => {
            const { activeElement } = document;
            return activeElement === document.body
              ? "nowhere"
              : String(activeElement?.closest("[role=alertdialog]") !== null);
          });
          expect(["true", "nowhere"]).toContain(where);
        }
      });
    });

    describe("after a top-up in another tab", () => {
      it("reads the balance again once the user is back from the shop, and then unlocks", async () => {
        await demo.setBalance(person, 2);
        await open();
        const report = (what: string) => inGate("Moths at the lamp", what);
        await tab.see(report(words("Not enough credits.")));
        await tab.ask(() => {
          const link = document.querySelector<HTMLAnchorElement>(
            '[aria-label="Moths at the lamp"] [data-ares-part=topUp]',
          );
          if (link) link.href = "/favicon.svg";
        });
        await tab.press(report(`//a[@data-ares-part="topUp"]`));
        await demo.setBalance(person, 10);

        await browser.closeOthers();
        // Xvfb has no window manager to give WebKit's window the focus. So the test tells the page.
        if (name === "WebKitGTK") await tab.ask(() => window.dispatchEvent(new Event("focus")));

        await tab.see(unlockMoths);
        await tab.see(shownBalance(10));
        await tab.press(unlockMoths);
        await tab.see(moths);
        expect(await taken()).toEqual([3]);
      });
    });
  });
});
