import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../src/server";
import { world } from "./world";

describe("onError", () => {
  it("hears what the app's sign-in and ledger threw; the answer holds only a code", async () => {
    const heard: unknown[] = [];
    const onError = (error: unknown) => heard.push(error);
    const signIn = new Error("canary: sign-in");
    const store = new Error("canary: store");

    const noAuth = world({ auth: () => Promise.reject(signIn), onError });
    const throwing = world({
      auth: () => {
        throw signIn;
      },
      onError,
    });
    const noLedger = world({ ledger: { ...memoryLedger(), claim: () => Promise.reject(store) }, onError });
    const answers = [await noAuth.get(), await throwing.get(), await noLedger.post({ usage: "export-pdf" })];

    expect(await Promise.all(answers.map(async (answer) => (await answer.json()).code))).toEqual([
      "auth_unavailable",
      "auth_unavailable",
      "ledger_unavailable",
    ]);
    expect(heard).toEqual([signIn, signIn, store]);
  });
});
