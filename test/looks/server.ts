const headers = { "Ares-Contract": "1" };
export const prices = {
  locked: 3,
  asks: 3,
  dear: 1000,
  fails: 2,
  lost: 2,
  paid: 1,
  "export-pdf": 1,
};
export const paid = {
  status: "charged",
  id: "c-1",
  usage: "paid",
  credits: 1,
  createdAt: 1_760_000_000_000,
  settledAt: 1_760_000_000_000,
} as const;

export const receipt = {
  usage: "paid",
  credits: 1,
  balance: 697,
  id: "c-1",
  key: undefined,
  at: paid.settledAt,
  restored: false,
};

/** Waits for as long as a test holds answers of this kind. */
async function held(kind: "reads" | "charges"): Promise<void> {
  while (sessionStorage.getItem("hold") === kind) await new Promise((wait) => setTimeout(wait, 20));
}

/** A server with an answer for each state of a gate. */
export const fetch: typeof globalThis.fetch = async (to, init) => {
  await held(init?.method === "POST" ? "charges" : "reads");
  if (init?.method === "POST") {
    const { usage } = JSON.parse(String(init.body));
    if (usage === "fails")
      return Response.json({ code: "ares_unreachable", retryable: true }, { status: 503, headers });
    if (usage === "lost")
      return Response.json({ code: "outcome_unknown" }, { status: 409, headers });
    return Response.json(
      { message: "Success", status: "charged", charge: paid, user: { credits: 697 } },
      { headers },
    );
  }
  const { searchParams } = new URL(String(to), location.href);
  if (searchParams.has("charges"))
    return Response.json(
      { charges: [paid, { ...paid, id: "c-2", status: "unknown" }] },
      { headers },
    );
  const lookups: [key: string][] = JSON.parse(searchParams.get("lookups") ?? "[]");
  if (lookups.length) {
    await new Promise((answer) =>
      setTimeout(answer, Number(document.documentElement.dataset.lookMs ?? 0)),
    );
    return Response.json(
      { answers: lookups.map(([key]) => ({ key, charge: { status: "unknown" } })) },
      { headers },
    );
  }
  return Response.json({ user: { id: "u-1", credits: 697 }, prices }, { headers });
};
