import { Fragment, type ReactNode } from "react";
import { stopBetween } from "../../messages/format";
import type { AresGateState } from "../state/gateState";
import { saysCost } from "./gateWords";
import { Title } from "./Title";
import { detailsOf, sentence } from "./told";
import { useAnnouncement } from "./useAnnouncement";
import type { GateSpeech } from "./useGateWords";

type Place = "status" | "alert";

interface GateRegionsProps {
  gate: AresGateState;
  speech: GateSpeech;
  part: (name: Place | "detail") => object;
  /** True while another element speaks. The regions stay mounted for later words. */
  isSilent?: boolean;
  /** What the eye finds here, where a button says the heading, or all of it. @default "all" */
  seen?: "all" | "details" | "nothing";
  /** True where the words are seen elsewhere, and the regions are only heard. */
  isHidden?: boolean;
}

/**
 * The words of a gate, and two live regions that are mounted empty so that changes are announced: role=status (polite) and
 * role=alert (assertive). Only a used gate speaks in them: a page with many gates would speak many times.
 */
export function GateRegions({
  gate,
  speech,
  part,
  isSilent = false,
  seen = "all",
  isHidden = false,
}: GateRegionsProps) {
  const { words, write, blocked, rounds } = speech;
  const { tone } = words;
  const heading = write(words.heading);
  const { own, evidence, balance } = detailsOf(speech);
  const details = sentence(own, evidence, balance);
  const last = write(words.last);
  const isNews = words.heading !== "locked" || blocked !== "";
  const isLive = useAnnouncement(
    isNews ? heading + details + last : "",
    gate.used === true,
    "failed" in gate && gate.failed,
  );

  const spoken = sentence(heading, details, last) && (
    // A new key mounts the same words again, so that screen readers announce them after each check.
    <Fragment key={isToldOnce(gate) ? 0 : rounds}>
      <Seen is={seen === "all"}>
        {tone === "alert" ? <Title part={part}>{heading}</Title> : heading}
      </Seen>
      {isWaiting(gate) && details && stopBetween(heading, details)}{" "}
      {details && (
        <span {...part("detail")}>
          <Details own={own} balance={balance} isBare={!heading} />
          {evidence && <span data-evidence> {evidence}</span>}
        </span>
      )}
      {last && <span {...part("detail")}> {last}</span>}
    </Fragment>
  );
  const text = spoken && <Seen is={seen !== "nothing"}>{spoken}</Seen>;

  const region = (place: Place, role?: Place) => {
    const isHere = !isSilent && tone === place && isLive === (role !== undefined);
    return (
      <p
        role={role}
        // The words run as their language does, whatever the page says.
        dir="auto"
        // Each part of the news is said once, when it comes.
        aria-atomic={role === "alert"}
        data-paid={saysCost(gate) || undefined}
        tabIndex={isHere ? -1 : undefined}
        {...part(place)}
      >
        {isHere && text}
        {!isHere && role === "status" && write(words.aside)}
      </p>
    );
  };
  return (
    <>
      {!isSilent && !isHidden && !isLive && region(tone)}
      {region("alert", "alert")}
      {region("status", "status")}
    </>
  );
}

const isWaiting = ({ status }: AresGateState): boolean =>
  status === "loading" || status === "charging";
const isToldOnce = ({ status }: AresGateState): boolean =>
  status === "unknown" || status === "unlocked";

/** Words for the eye and the ear, or for the ear alone. */
function Seen({ is, children }: { is: boolean; children: ReactNode }) {
  return is ? children : <span data-ares-part="heard">{children}</span>;
}

interface DetailsProps {
  own: string;
  balance: string;
  /** True without a heading. */
  isBare: boolean;
}

/** What stands below the heading. The stylesheet hides what the page's balance says too: `all` where nothing else is said. */
function Details({ own, balance, isBare }: DetailsProps) {
  if (!balance) return own;
  return (
    <>
      {own && `${own} `}
      <span data-balance={isBare && !own ? "all" : "more"}>{balance}</span>
    </>
  );
}
