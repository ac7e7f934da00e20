import type { ReactNode } from "react";
import { useAres } from "../../provider/context";

interface PricedVerbProps {
  /** What the press does, in words or as the app's own content. */
  children: ReactNode;
  price: string | undefined;
  /** Seconds until the press does something. */
  seconds: number;
}

/** The content of a button that spends: a verb, its price, and how long the user has to wait. */
export function PricedVerb({ children, price, seconds }: PricedVerbProps) {
  const { locale } = useAres();
  return (
    // One element, or a button of an app that lays out its children would lose the spaces.
    <span>
      {children}
      {price && (
        <>
          {" "}
          <span>
            {"· "}
            <bdi>{price}</bdi>
          </span>
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
    </span>
  );
}
