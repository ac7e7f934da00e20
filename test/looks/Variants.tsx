import {
  AresError,
  AresErrorNotice,
  AresGate,
  AresProvider,
  ChargeHistory,
  CreditBalance,
  InsufficientCredits,
} from "ares-react";
import type { ComponentType } from "react";
import { type Language, languages } from "./Small";
import { fetch, paid } from "./server";

const variants = ["card", "plain", "overlay"] as const;
const sizes = [undefined, "small"] as const;

const preview = (
  <>
    <h2>Tides of the North Sea</h2>
    <p>
      The first tables were printed in 1833. Sailors kept them beside the barometer, and trusted
      neither very much.
    </p>
    <a href="#chapter">The first chapter</a>
  </>
);

/** Every variant and size of a gate, a card in a gate's slot, and a charge that stays unknown. */
export function Variants({ language = "en" }: { language?: Language }) {
  const gates = variants.flatMap((variant) =>
    sizes.map((size) => (
      <section key={`${variant} ${size}`} id={[variant, size].filter(Boolean).join("-")}>
        <AresGate
          usage="locked"
          label="the report"
          variant={variant}
          size={size}
          preview={variant === "overlay" && preview}
        >
          <p>The paid report.</p>
        </AresGate>
      </section>
    )),
  );
  return (
    <AresProvider
      endpoint="/api/ares"
      userKey="ada"
      locale={language}
      messages={languages[language]}
      fetch={fetch}
      connect={() => {}}
    >
      <main
        lang={language}
        dir={language === "ar" ? "rtl" : "ltr"}
        style={{ maxWidth: "40rem", padding: "1rem" }}
      >
        {gates}
        <section id="nested">
          <AresGate
            usage="dear"
            variant="card"
            slots={{
              insufficient: ({ missing, check }) => (
                <InsufficientCredits missing={missing} onCheck={check} checking={false} />
              ),
            }}
          />
        </section>
        <section id="overlay-dear">
          <AresGate usage="dear" label="the atlas" variant="overlay" preview={preview} />
        </section>
        <section id="card-dear">
          <AresGate usage="dear" label="the atlas" variant="card" />
        </section>
        <section id="lost">
          <AresGate usage="lost" label="the report" />
        </section>
      </main>
    </AresProvider>
  );
}

/** A small gate whose paid children are of the kit too. Parts of the kit in columns of a grid. */
export function Columns() {
  return (
    <AresProvider endpoint="/api/ares" userKey="ada" locale="en" fetch={fetch} connect={() => {}}>
      <CreditBalance id="outside" variant="chip" />
      <CreditBalance id="refreshed" variant="chip" refresh />
      <CreditBalance id="compact" />
      <CreditBalance id="compact-refreshed" refresh />
      <AresGate usage="locked" size="small" entitled>
        <CreditBalance id="inside" variant="chip" />
      </AresGate>
      <div id="columns" style={{ display: "grid", gridTemplateColumns: "1fr", gap: "1rem" }}>
        <AresGate usage="locked" label="Schifffahrtsgesellschaftsversammlung" />
        {["dear", "fails", "lost"].map((usage) => (
          <AresGate key={usage} usage={usage} label="the report" />
        ))}
        <InsufficientCredits missing={303} onCheck={() => {}} />
        <AresErrorNotice
          error={new AresError("outcome_unknown", "no answer")}
          onCheck={() => {}}
          onReset={() => {}}
        />
        <CreditBalance variant="card" refresh />
        <ChargeHistory charges={[paid, { ...paid, id: "c-2", status: "unknown" }]} />
      </div>
    </AresProvider>
  );
}

/** A header with a balance, gates in a row and in a column, and what stands below each. */
export function Presses() {
  return (
    <AresProvider endpoint="/api/ares" userKey="ada" locale="en" fetch={fetch} connect={() => {}}>
      <header>
        <CreditBalance variant="chip" />
      </header>
      {variants.map((variant) => (
        <section key={variant} id={variant}>
          <AresGate usage="locked" label="the report" variant={variant} />
          <p data-below>Below the gate.</p>
        </section>
      ))}
      <section id="own">
        <AresGate
          usage="locked"
          label="the report"
          renderButton={(props) => <button {...props} data-ares-unstyled />}
        />
        <p data-below>Below the gate.</p>
      </section>
    </AresProvider>
  );
}

/** A recipe's own feature, in a provider. */
export function Own({ Feature }: { Feature: ComponentType }) {
  return (
    <AresProvider endpoint="/api/ares" userKey="ada" locale="en" fetch={fetch} connect={() => {}}>
      <section id="own">
        <Feature />
      </section>
    </AresProvider>
  );
}
