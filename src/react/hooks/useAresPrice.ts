import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { aresError } from "../../client";
import type { AresError } from "../../contract";
import { useAres } from "../provider/context";
import { quoteQuery } from "../provider/queries";
import type { Usage, UsageAndInput } from "../provider/register";
import { shownQuotesOf } from "../provider/shownQuotes";
import { useAresUser } from "./useAresUser";

interface Asked {
  usage: Usage;
  /** What a quoted price follows from: plain JSON, at most 512 bytes. Send sizes, not texts: the input stands in an address. */
  input?: unknown;
  /** False: asks nothing. @default true */
  enabled?: boolean | undefined;
}

/** What `useAresPrice` reads the price of. */
export type UseAresPriceOptions = Asked & UsageAndInput;

/** What `useAresPrice` returns. */
export interface UseAresPriceResult {
  status: "loading" | "ready" | "error";
  /** The price of this very input, in credits; undefined until it is read. */
  price: number | undefined;
  error: AresError | null;
  refetch: () => Promise<unknown>;
}

/** An input must rest this long before its price is asked for. The first input is asked for at once. */
const TYPING_MS = 300;

/**
 * Reads the price of a usage: the listed price, or the price that the server computes from an `input`.
 *
 * The server computes the price again when the user is charged, and refuses another price than the user saw. Show the
 * price of each input that `useAresUsage` charges for: a press agrees to a price that was shown, however long ago.
 *
 * @example
 * const { price } = useAresPrice({ usage: "render", input: { pages: 12 } });
 * return <p>{price === undefined ? "Reading the price" : `${price} credits`}</p>;
 */
export function useAresPrice(options: UseAresPriceOptions): UseAresPriceResult {
  return usePrice(options);
}

export function usePrice({ usage, input, enabled = true }: Asked): UseAresPriceResult {
  const { client, queryClient, queryKey, session } = useAres();
  // A refusal before the session is there would stay on the page.
  const nobody = session === "loading" || session === "signed_out";
  const text = JSON.stringify(input);
  const isQuoted = text !== undefined;
  const user = useAresUser({ enabled: enabled && !isQuoted });
  const [rested, setRested] = useState(text);
  const isResting = rested === text;
  useEffect(() => {
    if (isResting) return;
    const timer = setTimeout(() => setRested(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, isResting]);
  const asks = enabled && !nobody && isQuoted && isResting;
  const quote = useQuery<number, AresError>(
    quoteQuery(client, queryKey, { usage, input, enabled: asks }),
    queryClient,
  );
  const price = isQuoted ? quote.data : listedPrice(user.prices, usage);
  useEffect(() => {
    if (enabled && isQuoted && price !== undefined) shownQuotesOf(client).add(usage, input, price);
  });
  const isUnlisted = user.status === "ready" && price === undefined;
  const listError = isUnlisted ? NO_PRICE : user.error;
  const error = isQuoted ? quote.error : listError;
  const refetch = isQuoted ? quote.refetch : user.refetch;
  return useMemo(() => {
    const unread = error ? "error" : "loading";
    return { status: price === undefined ? unread : "ready", price, error, refetch };
  }, [price, error, refetch]);
}

/** The constant price of a usage, where the server publishes one. */
export function listedPrice(
  prices: Readonly<Record<string, unknown>> | undefined,
  usage: string,
): number | undefined {
  const price = prices?.[usage];
  return typeof price === "number" ? price : undefined;
}

const NO_PRICE = /* @__PURE__ */ aresError("unknown_usage", undefined, false);
