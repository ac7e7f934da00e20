import { describe, expect, it } from "vitest";
import { setScene } from "./scene";

const scene = setScene();

describe("a list of 100 gates", () => {
  it("asks three times, charges each press once, and opens what is paid after a reload", async () => {
    const page = await scene.person.open("/harness?usage=report&gates=0&list=100");
    const unlocks = page.getByRole("button", { name: /^Unlock item/ });
    await expect.poll(() => unlocks.count()).toBe(100);
    const asked: string[] = [];
    page.on(
      "request",
      (request) => request.url().includes("/api/ares") && asked.push(request.method()),
    );
    await page.reload();
    await expect.poll(() => unlocks.count()).toBe(100);
    expect(asked.length).toBeLessThanOrEqual(3);

    for (const item of ["item-7", "item-70"]) {
      await page.getByRole("button", { name: new RegExp(`^Unlock ${item} `) }).click();
      await page.getByText(`The feature of ${item}`, { exact: true }).waitFor();
    }
    asked.length = 0;
    await page.reload();
    await expect.poll(() => unlocks.count()).toBe(98);
    await page.getByText("The feature of item-70", { exact: true }).waitFor();
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(await scene.taken()).toEqual([3, 3]);
  });
});

describe("a price that follows from the input", () => {
  it("stands on the button before the press, and is what is taken", async () => {
    const page = await scene.person.open("/harness?gates=0&copies=12");
    await page.getByRole("button", { name: /^Unlock prints · 1\.20? credits/ }).waitFor();

    await page.getByLabel("Copies").fill("30");
    await page.getByRole("button", { name: /^Unlock prints · 3 credits/ }).click();

    await page.getByText("30 prints for 3 credits").waitFor();
    expect(await scene.taken()).toEqual([3]);
  });

  it("opens nothing for another input, and asks the server once the typing rests", async () => {
    const page = await scene.person.open("/harness?gates=0&copies=1");
    await page.getByRole("button", { name: /^Unlock prints · 0\.10? credits/ }).click();
    await page.getByText("1 prints for 0.1 credits").waitFor();
    const asked: string[] = [];
    page.on("request", (request) => request.url().includes("input=") && asked.push(request.url()));

    await page.getByLabel("Copies").press("End");
    await page.getByLabel("Copies").pressSequentially("00", { delay: 20 });

    await page.getByRole("button", { name: /^Unlock prints · 10 credits/ }).waitFor();
    expect(await page.getByText(/prints for/).count()).toBe(0);
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(await scene.taken()).toEqual([0.1]);
  });
});
