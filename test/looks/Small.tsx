import {
  AresError,
  AresErrorNotice,
  AresGate,
  AresGateActions,
  AresGateStatus,
  AresProvider,
  ConnectAres,
  CreditBalance,
  InsufficientCredits,
  LowBalance,
  UnknownCharge,
  UnlockButton,
  useAresGate,
} from "ares-react";
import { arabicMessages } from "ares-react/messages/ar";
import { germanMessages } from "ares-react/messages/de";
import { spanishMessages } from "ares-react/messages/es";
import { frenchMessages } from "ares-react/messages/fr";
import { japaneseMessages } from "ares-react/messages/ja";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { fetch } from "./server";

export const languages = {
  en: undefined,
  de: germanMessages,
  fr: frenchMessages,
  es: spanishMessages,
  ja: japaneseMessages,
  ar: arabicMessages,
};
export type Language = keyof typeof languages;

const headers = { "Ares-Contract": "1" };
const refusal = (status: number, body: object) => Response.json(body, { status, headers });
const isPost = (init: RequestInit | undefined) => init?.method === "POST";
const asksForCharge = (to: Parameters<typeof fetch>[0]) => String(to).includes("lookups=");
const never = new Promise<never>(() => {});

type Fetch = typeof globalThis.fetch;
const posting =
  (answer: () => Response | Promise<Response>): Fetch =>
  async (to, init) =>
    isPost(init) ? answer() : fetch(to, init);
const reading =
  (answer: () => Response | Promise<Response>): Fetch =>
  async () =>
    answer();

interface Case {
  /** The state that the gate has to reach. */
  status: string;
  fetch?: Fetch;
  provider?: object;
  gate?: object;
  /** Presses the unlock. */
  press?: boolean;
}

/** Every state of a gate, and what may stand in the way of a press. */
const cases: Readonly<Record<string, Case>> = {
  loading: { status: "loading", fetch: () => never },
  signed_out: { status: "signed_out", provider: { session: "signed_out" } },
  signed_out_ares: {
    status: "signed_out",
    provider: { session: "signed_out", signInWith: "ares" },
  },
  signed_out_alone: {
    status: "signed_out",
    provider: { session: "signed_out", signIn: undefined },
  },
  not_connected: { status: "not_connected", provider: { connection: "not_connected" } },
  reconnect: { status: "reconnect", provider: { connection: "reconnect" } },
  locked: { status: "locked" },
  unread: {
    status: "locked",
    fetch: async (to, init) => {
      if (asksForCharge(to)) return refusal(400, { code: "invalid_request" });
      return fetch(to, init);
    },
    gate: { resource: "report-42" },
  },
  balance_unread: { status: "locked", fetch: reading(() => refusal(503, { code: "internal" })) },
  disabled: {
    status: "locked",
    gate: { disabledReason: "Choose the months of the report before you unlock it." },
  },
  charging: { status: "charging", fetch: posting(() => never), press: true },
  unlocked: { status: "unlocked", press: true },
  entitled: { status: "entitled", gate: { entitled: true } },
  insufficient: { status: "insufficient", gate: { usage: "dear" } },
  insufficient_refused: {
    status: "insufficient",
    fetch: posting(() => refusal(402, { code: "insufficient_credits" })),
    press: true,
  },
  price_changed: {
    status: "price_changed",
    fetch: posting(() => refusal(409, { code: "price_changed", credits: 18 })),
    press: true,
  },
  not_charged: {
    status: "not_charged",
    fetch: posting(() => refusal(503, { code: "ares_unreachable", retryable: true })),
    press: true,
  },
  wait: {
    status: "not_charged",
    fetch: posting(() => refusal(429, { code: "rate_limited", retryAfterSeconds: 40 })),
    press: true,
  },
  other_user: {
    status: "not_charged",
    fetch: posting(() => refusal(409, { code: "other_user" })),
    press: true,
  },
  unknown: {
    status: "unknown",
    fetch: async (to, init) => {
      if (isPost(init)) return refusal(409, { code: "outcome_unknown", chargeId: "chg_7Q2M9Z" });
      return fetch(to, init);
    },
    gate: { usage: "lost" },
    press: true,
  },
  unavailable: { status: "unavailable", gate: { usage: "unpriced" } },
};

function Own({ gate: options, label }: { gate?: object | undefined; label: string }) {
  const gate = useAresGate({ usage: "locked", ...options });
  return (
    <>
      <AresGateActions gate={gate} label={label} size="small" data-case="" />
      <AresGateStatus gate={gate} label={label} size="small" />
    </>
  );
}

function OwnUnlock({ label }: { label: string }) {
  const gate = useAresGate({ usage: "locked" });
  return <UnlockButton gate={gate} label={label} size="small" />;
}

const evidence = {
  before: 698,
  after: 695,
  credits: 3,
  id: "chg_7Q2M9ZK4T8W1",
  sentAt: 1_760_000_000_000,
  looks: 4,
  stored: true,
} as const;

/** Every other component with a button, each in its longest words. */
const components: Readonly<Record<string, () => ReactNode>> = {
  balance: () => <CreditBalance size="small" refresh />,
  chip: () => <CreditBalance size="small" variant="chip" refresh />,
  "balance-card": () => <CreditBalance size="small" variant="card" refresh />,
  low: () => <LowBalance below={1000} size="small" />,
  short: () => <InsufficientCredits missing={303} onCheck={() => {}} size="small" />,
  connect: () => <ConnectAres step="reconnect" size="small" />,
  evidence: () => <UnknownCharge evidence={evidence} onCheck={() => {}} size="small" />,
  unlock: () => <OwnUnlock label="Quarterly report of all invoices" />,
  ...Object.fromEntries(
    (
      [
        "outcome_unknown",
        "ares_unreachable",
        "rate_limited",
        "network_error",
        "insufficient_credits",
        "reconnect",
        "payment_required",
        "auth_unavailable",
        "idempotency_key_expired",
      ] as const
    ).map((code) => [
      `error-${code}`,
      () => (
        <AresErrorNotice
          error={new AresError(code, "")}
          onRetry={() => {}}
          onCheck={() => {}}
          onReset={() => {}}
          size="small"
        />
      ),
    ]),
  ),
};

/** Presses the unlock of its children once it is there. */
function Pressed({ on, children }: { on: boolean | undefined; children: ReactNode }) {
  const root = useRef<HTMLDivElement>(null);
  const [isDone, setDone] = useState(!on);
  useEffect(() => {
    if (isDone) return;
    const timer = setInterval(() => {
      const button = root.current?.querySelector<HTMLElement>("[data-ares-part=unlock]");
      if (!button) return;
      button.click();
      setDone(true);
    }, 20);
    return () => clearInterval(timer);
  }, [isDone]);
  return (
    <div ref={root} style={{ display: "contents" }}>
      {children}
    </div>
  );
}

interface PlacesProps {
  name: string;
  status?: string;
  children: (place: string) => ReactNode;
}

/** Each place that a small component stands in: a toolbar, and a cell of a table. */
function Places({ name, status, children }: PlacesProps) {
  return (
    <section id={name} data-expected={status}>
      <div data-place="toolbar" style={{ display: "flex", alignItems: "center", gap: 8 }}>
        {children("toolbar")}
      </div>
      <table data-place="table" style={{ borderCollapse: "collapse" }}>
        <tbody>
          <tr>
            <td style={{ padding: 4 }}>2041</td>
            <td style={{ padding: 4 }}>{children("table")}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

/** Small gates in every state, and every small component with a button. */
export function Small({ language = "en", own = false }: { language?: Language; own?: boolean }) {
  const provider = (userKey: string, more: Case) => ({
    endpoint: "/api/ares",
    userKey,
    locale: language,
    messages: languages[language],
    fetch: more.fetch ?? fetch,
    signIn: () => {},
    connect: () => {},
    reconnect: () => {},
    ...more.provider,
  });
  const label = "Quarterly report of all invoices";
  return (
    <main lang={language} dir={language === "ar" ? "rtl" : "ltr"}>
      {Object.entries(cases).map(([name, each]) => (
        <Places key={name} name={name} status={each.status}>
          {(place) => (
            <AresProvider {...provider(`${name} ${place}`, each)}>
              <Pressed on={each.press}>
                {own ? (
                  <Own gate={each.gate} label={label} />
                ) : (
                  <AresGate usage="locked" label={label} size="small" {...each.gate}>
                    <a href="#pdf">PDF</a>
                  </AresGate>
                )}
              </Pressed>
            </AresProvider>
          )}
        </Places>
      ))}
      {!own && (
        <AresProvider {...provider("components", { status: "" })}>
          {Object.entries(components).map(([name, draw]) => (
            <Places key={name} name={name}>
              {draw}
            </Places>
          ))}
        </AresProvider>
      )}
    </main>
  );
}
