import { metrics } from "@opentelemetry/api";

/** The name of this package among those that an app's traces and metrics come from. */
export const SCOPE = "ares-react";

/** The default buckets are for milliseconds. These are the ones that OpenTelemetry gives an HTTP client, in seconds. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Makes the instruments. An app's SDK must be registered by then: a meter from before measures nothing, for ever. */
export function createInstruments() {
  const meter = metrics.getMeter(SCOPE);
  const duration = (name: string, description: string) =>
    meter.createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: SECONDS },
    });
  return {
    charges: meter.createCounter("ares.charges", {
      description: "Changes of charges, by usage and outcome.",
      unit: "{charge}",
    }),
    credits: meter.createCounter("ares.credits", {
      description: "Credits that ARES confirmed to have taken, by usage.",
      unit: "{credit}",
    }),
    refusals: meter.createCounter("ares.refusals", {
      description: "Charges that were asked for and not answered with a receipt, by error code.",
      unit: "{refusal}",
    }),
    ledgerDuration: duration("ares.ledger.duration", "Duration of one call of the ledger."),
    apiDuration: duration("ares.api.duration", "Duration of one call of ARES."),
    unknownCharges: meter.createGauge("ares.unknown.charges", {
      description: "Unconfirmed charges that the last run of reconcile left.",
      unit: "{charge}",
    }),
    unknownAge: meter.createGauge("ares.unknown.oldest_age", {
      description: "The age of the oldest of them, or 0.",
      unit: "s",
    }),
  };
}

export type Instruments = ReturnType<typeof createInstruments>;
