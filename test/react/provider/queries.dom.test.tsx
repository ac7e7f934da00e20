import { onlineManager } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  AresProvider,
  ChargeHistory,
  CreditBalance,
  useAresCharges,
  useAresUsage,
} from "../../../src/react";
import { pass } from "../../flows/page";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  onlineManager.setOnline(true);
});

const says = (body: object, status = 200) =>
  Response.json(body, { status, headers: { "Ares-Contract": "1" } });
const balance = (credits: number) => says({ message: "Success", user: { id: "a", credits } });

/** A page in front of an endpoint. A test sets the answers to its reads. */
function open(read: (url: string) => Response | Promise<Response>) {
  const reads: string[] = [];
  const fetch = async (input: unknown, init?: RequestInit) => {
    if (init?.method === "POST")
      return says({ status: "charged", charge: { status: "charged" }, user: { credits: 697 } });
    reads.push(String(input));
    return read(String(input));
  };
  render(
    <AresProvider endpoint="/api/ares" userKey={`user ${crypto.randomUUID()}`} fetch={fetch}>
      <CreditBalance refresh />
      <Shop />
    </AresProvider>,
  );
  return { reads };
}

function Shop() {
  const { charge } = useAresUsage({ usage: "export-pdf", credits: 1 });
  const { charges, error } = useAresCharges();
  return (
    <>
      <button type="button" onClick={() => void charge()}>
        Export
      </button>
      <ChargeHistory charges={charges} error={error} />
    </>
  );
}

const press = (name: string) => act(async () => screen.getByRole("button", { name }).click());
const shown = () => screen.getByRole("group").textContent?.trim();

describe("the balance", () => {
  test("is the one that came with a charge, also when an older read answers after it", async () => {
    let late = (_: Response) => {};
    const held = new Promise<Response>((answer) => {
      late = answer;
    });
    const answers: (Response | Promise<Response>)[] = [balance(698), held];
    open((url) =>
      url.includes("charges=") ? says({ charges: [] }) : (answers.shift() ?? balance(1)),
    );
    await pass(500);
    expect(shown()).toBe("698 credits");

    await press("Refresh balance");
    await press("Export");
    await pass(500);
    expect(shown()).toBe("697 credits");
    late(balance(698));
    await pass(2000);

    expect(shown()).toBe("697 credits");
    expect(answers).toEqual([]);
  });

  test("is read, and so are the charges, where react-query takes the page for offline", async () => {
    onlineManager.setOnline(false);
    const { reads } = open((url) =>
      url.includes("charges=") ? says({ charges: [] }) : balance(5),
    );

    await pass(500);

    expect(shown()).toBe("5 credits");
    expect(reads).toEqual(["/api/ares", "/api/ares?charges=recent"]);
  });

  test.each([
    ["no answer came", 3, () => Promise.reject(new TypeError("Failed to fetch"))],
    ["the server broke", 3, () => says({ code: "internal", retryable: true }, 500)],
    ["the connection to ARES has ended", 1, () => says({ code: "reconnect" }, 401)],
    ["there were too many requests", 1, () => says({ code: "rate_limited", retryable: true }, 429)],
    [
      "ARES is away, and the server has waited for it already",
      1,
      () => says({ code: "ares_unreachable", retryable: true }, 503),
    ],
  ])("is asked for again only where that may help: %s, %i times", async (_, times, answer) => {
    const { reads } = open(answer);

    await pass(60_000);

    expect(reads).toHaveLength(times);
  });
});
