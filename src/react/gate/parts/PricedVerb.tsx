import type { ReactNode } from "react";
import { useAres } from "../../provider/context";
import { Price } from "./Price";

interface PricedVerbProps {
  /** What the press does, in words or as the app's own content. */
  children: ReactNode;
  price: string | undefined;
  /** The price that the user saw before, in credits: struck through for the eye. */
  former?: number | undefined;
  /** The verb that this one may change to. Its room is kept, so that nothing moves. */
  room?: string | undefined;
  /** What the press is for, where the eye has it beside the button. */
  heard?: string | undefined;
  /** Seconds until the press does something. */
  seconds: number;
  /** Stands in the place of all this, for the eye, while ARES is asked. */
  busy?: string | undefined;
  /** Hangs below the button, for the eye, once ARES is asked for long. */
  hint?: string | undefined;
}

/** The content of a button that spends: a verb, its price, and how long the user has to wait. */
export function PricedVerb(props: PricedVerbProps) {
  const { children, price, former, room, heard, seconds, busy, hint } = props;
  const { locale } = useAres();
  return (
    // One element, or a button of an app that lays out its children would lose the spaces.
    <span data-ares-part="offer">
      <span data-room={room}>{children}</span>
      {price && (
        <>
          {" "}
          <Price>
            <span data-ares-part="heard">·</span>{" "}
            {former !== undefined && (
              <del data-ares-part="former" aria-hidden>
                {new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(former)}{" "}
              </del>
            )}
            <bdi>{price}</bdi>
          </Price>
        </>
      )}
      {heard && (
        <>
          {" "}
          <span data-ares-part="heard">· {heard}</span>
        </>
      )}
      {seconds > 0 && (
        <>
          {" "}
          {/* Screen readers would read every change. */}
          <span aria-hidden>
            {"· "}
            {new Intl.NumberFormat(locale, { style: "unit", unit: "second" }).format(seconds)}
          </span>
        </>
      )}
      {busy && (
        <span data-ares-part="busy" aria-hidden>
          {" "}
          {busy}
          {hint && (
            <span dir="auto" data-ares-part="hint">
              {" "}
              {hint}
            </span>
          )}
        </span>
      )}
    </span>
  );
}
