import { useState } from "react";

/** The same charge from a terminal. Two sends are one deduction: the second answer is a replay. */
export function Terminal({ user }: { user: string | undefined }) {
  const [key, setKey] = useState(newKey);
  const [copied, setCopied] = useState<"Copied" | "Copying was refused">();
  const lines = [
    `curl -i ${location.origin}/api/ares`,
    `  -H 'Authorization: Bearer demo-${user ?? "ada"}'`,
    "  -H 'Content-Type: application/json'",
    `  -H 'Idempotency-Key: ${key}'`,
    `  -d '{"usage":"export-pdf"}'`,
  ];
  const text = lines.join(" \\\n");

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied("Copied");
    } catch {
      setCopied("Copying was refused");
    }
  }

  return (
    <section aria-label="Terminal">
      <h3>From a terminal</h3>
      <p>Run it twice. One key is one intent, so it is one deduction.</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>{text}</pre>
      <div className="panel-row">
        <button type="button" onClick={() => void copy()}>
          {copied ?? "Copy"}
        </button>
        <button
          type="button"
          onClick={() => {
            setKey(newKey());
            setCopied(undefined);
          }}
        >
          New key
        </button>
      </div>
    </section>
  );
}

function newKey(): string {
  return `${Date.now()}-${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
}
