/** One look-up of a GET, by the names of its parts. */
export interface AskedLookUp {
  key?: string;
  usage?: string;
  resource?: string;
  input?: unknown;
}

/** The look-ups of a GET, in their order. */
export function lookUpsOf(address: string | URL): AskedLookUp[] {
  const text = new URL(String(address), "https://app.example").searchParams.get("lookups");
  const list: unknown[][] = JSON.parse(text ?? "[]");
  return list.map(([first, resource, input, ...rest], place) => {
    if (list[place]?.length === 1) return { key: String(first) };
    if (rest.length) throw new Error("A look-up has one part or three.");
    return {
      usage: String(first),
      ...(resource !== null && { resource: String(resource) }),
      ...(input !== null && { input }),
    };
  });
}

/** What an endpoint's body says to the look-ups of a GET: each answer repeats the names that it answers. */
export function answersTo(
  address: string | URL,
  answer: (asked: AskedLookUp, place: number) => object,
): { answers: object[] } {
  return {
    answers: lookUpsOf(address).map((asked, place) => {
      const { input: _, ...names } = asked;
      return { ...names, ...answer(asked, place) };
    }),
  };
}

/** The kit's answer to a GET whose every look-up finds this charge. */
export function lookedUp(address: unknown, charge: object): Response {
  return Response.json(
    answersTo(String(address), () => ({ charge })),
    { headers: { "Ares-Contract": "1" } },
  );
}
