import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { root } from "./sourceFiles";

/** Runs a script in the words of `.ci/steps.sh`. */
function run(script: string) {
  const child = spawn("bash", ["-uc", `source .ci/steps.sh\n${script}\nfinish`], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = Promise.all([text(child.stdout), once(child, "exit")]).then(([output, [code]]) => {
    const lines = output.trimEnd().split("\n");
    return { code, lines, last: lines.at(-1) };
  });
  return { child, ended };
}

describe.skipIf(process.platform !== "linux")("the steps of .ci/run", () => {
  it("pass when each of them passes", async () => {
    const { code, last } = await run("step 60 first true; beside step 60 second true").ended;

    expect({ code, last }).toEqual({ code: 0, last: "2 passed, 0 failed" });
  });

  it("make the run fail, and are named, when one fails beside others, ends a limit or leaves no report", async () => {
    const { code, lines, last } = await run(`
      beside step 60 "the good one" true
      beside step 60 "the broken one" false
      beside step 0.1 "the slow one" sleep 60
      beside tests 60 "the tests" true
      result skipped "the absent one"`).ended;

    expect({ code, last }).toEqual({ code: 1, last: "1 passed, 3 failed, 1 skipped" });
    expect(lines).toContain("skipped: the absent one");
    expect(lines.filter((line) => line.startsWith("FAILED:")).sort()).toEqual([
      "FAILED:  the broken one",
      "FAILED:  the slow one",
      "FAILED:  the tests: ended with 0 and left no report",
    ]);
  });

  it("name at the end the checks that failed within a step", async () => {
    const { lines } = await run(
      `beside step 60 "the walk" bash -c 'echo "ok      opens"; echo "not ok  closes"; echo "not ok  ends"; exit 1'`,
    ).ended;

    expect(lines.slice(-4)).toEqual([
      "not ok:  closes",
      "not ok:  ends",
      "FAILED:  the walk",
      "0 passed, 1 failed",
    ]);
  });

  it("count each test of a report, and name the failed and the skipped ones", async () => {
    const assertionResults = ["passed", "passed", "failed", "pending"].map((status) => ({
      status,
      fullName: `a ${status} test`,
      failureMessages: status === "failed" ? ["Error: expected 1\n    at a.test.ts:7"] : [],
    }));
    const report = JSON.stringify({
      testResults: [{ name: `${root}a.test.ts`, status: "failed", assertionResults }],
    });
    const { code, lines, last } = await run(
      `beside tests 60 "the tests" bash -c 'echo "$0" >"$TEST_REPORT"; exit 1' '${report}'`,
    ).ended;

    expect({ code, last }).toEqual({ code: 1, last: "2 passed, 1 failed, 1 skipped" });
    expect(lines).toEqual(
      expect.arrayContaining([
        "FAILED:  a.test.ts > a failed test: Error: expected 1",
        "skipped: a.test.ts > a pending test",
      ]),
    );
  });

  it("show the output of steps side by side in one piece each", async () => {
    const { lines } = await run(`
      for name in a b c d; do beside step 60 $name bash -c 'echo '$name'; sleep 0.1; echo '$name; done`)
      .ended;

    for (const name of ["a", "b", "c", "d"]) expect(lines[lines.indexOf(name) + 1]).toBe(name);
  });

  it("end with the run that is stopped, and so does whatever they started", async () => {
    const { child, ended } = run(`
      beside step 60 "in the background" bash -c 'sleep 600 & echo started >&3; wait' 3>&2
      step 60 "in front" bash -c 'sleep 600 & echo started >&2; wait'`);
    let started = "";
    child.stderr.setEncoding("utf8").on("data", (more) => {
      started += more;
      if (started.split("started").length > 2) child.kill("SIGTERM");
    });
    // The stream ends once no process that could write to it is left.
    await once(child.stderr, "end");

    const { code, lines, last } = await ended;
    expect({ code, last }).toEqual({ code: 1, last: "0 passed, 2 failed" });
    expect(lines).toContain("FAILED:  the run was stopped");
  });
});
