import { fireEvent, screen, waitFor } from "@testing-library/react";
import { StrictMode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { AresGate, type OutcomeListeners } from "../../src/react";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

/** Listeners that write down what they hear. */
function listening() {
  const heard: string[] = [];
  const as = (who: string): OutcomeListeners => ({
    onCharged: ({ credits }) => heard.push(`${who} charged ${credits}`),
    onRefused: ({ code }) => heard.push(`${who} refused ${code}`),
    onUnknown: ({ code }) => heard.push(`${who} unknown ${code}`),
  });
  return { heard, as };
}

function Report(listeners: OutcomeListeners) {
  return (
    <AresGate usage="report" resource="r-1" label="Report" {...listeners}>
      <p>The report</p>
    </AresGate>
  );
}

const press = async (name: RegExp = /^Unlock/) =>
  fireEvent.click((await screen.findAllByRole("button", { name }))[0] ?? document.body);

test("a charge is told once to the gate that was pressed and once to the page, also under StrictMode", async () => {
  const { heard, as } = listening();
  openPage(
    <StrictMode>
      <Report {...as("first")} />
      <Report {...as("second")} />
    </StrictMode>,
    { provider: as("page") },
  );
  await press();

  await waitFor(() => expect(screen.getAllByText("The report")).toHaveLength(2));
  await waitFor(() => expect(heard).toEqual(["first charged 3", "page charged 3"]));
});

test("what was paid before is no outcome", async () => {
  const { heard, as } = listening();
  const page = openPage(<Report />);
  await press();
  await screen.findByText("The report");

  page.reload(<Report {...as("gate")} />);

  await screen.findByText("The report");
  expect(heard).toEqual([]);
});

test("each refusal is told", async () => {
  const { heard, as } = listening();
  const page = openPage(<Report {...as("gate")} />);
  await screen.findByRole("button", { name: /^Unlock/ });
  page.simulator.spendElsewhere("user_1", 697);
  await press();

  await waitFor(() => expect(heard).toEqual(["gate refused insufficient_credits"]));
});

test("an unknown charge is told once, and what became of it as well", async () => {
  const { heard, as } = listening();
  const page = openPage(<Report {...as("gate")} />);
  page.wire.losePost("after");
  await press();

  await screen.findByText("The report");
  await waitFor(() => expect(heard).toEqual(["gate unknown outcome_unknown", "gate charged 3"]));
});

test("after a reload the page that adopts the charge is told", async () => {
  const { heard, as } = listening();
  const page = openPage(<Report />);
  const free = page.wire.holdPost();
  await press();
  await waitFor(() => expect(page.wire.posts()).toHaveLength(1));
  page.reload(<Report {...as("gate")} />);
  free();

  await screen.findByText("The report");
  await waitFor(() => expect(heard).toEqual(["gate charged 3"]));
});

test("a listener that throws stops no charge", async () => {
  const thrown: unknown[] = [];
  const catcher = (error: unknown) => thrown.push(error);
  process.on("uncaughtException", catcher);
  const onCharged = vi.fn(() => {
    throw new Error("the app's own mistake");
  });
  openPage(<Report onCharged={onCharged} />);
  await press();

  await screen.findByText("The report");
  await waitFor(() => expect(thrown).toHaveLength(1));
  process.off("uncaughtException", catcher);
});
