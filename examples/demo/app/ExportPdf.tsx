import { AresGate, isAresError, useAresFetch } from "ares-react";
import { useEffect, useState } from "react";

/**
 * Paid per use, with one click. Without a `resource` an unlock lasts only as long as its gate. So the tab keeps the
 * charge's key until the PDF has arrived: a reload in between loses no paid export.
 */
export function ExportPdf({ account }: { account: string }) {
  const name = `folio-export:${account}`;
  const begin = () => ({ name, left: sessionStorage.getItem(name), used: false });
  const [state, setState] = useState(begin);
  if (state.name !== name) setState(begin);
  const { left, used } = state;

  const hold = (key: string) => sessionStorage.setItem(name, key);
  const arrived = () => {
    sessionStorage.removeItem(name);
    setState((last) => (last.name === name ? { ...last, left: null } : last));
  };
  const refuse = () => {
    sessionStorage.removeItem(name);
    setState({ name, left: null, used: true });
  };
  const download = (key: string, reset = () => {}) => (
    <Download
      chargeKey={key}
      onHold={hold}
      onArrived={arrived}
      onUsed={() => {
        reset();
        refuse();
      }}
    />
  );

  return (
    <section className="feature" aria-labelledby="export">
      <h3 id="export">Export as PDF</h3>
      <p>The notes as a PDF, ready for the printer. Each export is one credit.</p>
      {used && (
        <p className="notice" role="alert">
          This export has already been used. Nothing was charged now; a new one can be unlocked
          below.
        </p>
      )}
      {left === null ? (
        <AresGate
          usage="export-pdf"
          aria-label="Export as PDF"
          slots={{ unlocked: ({ receipt: { key }, reset }) => key && download(key, reset) }}
        />
      ) : (
        download(left)
      )}
    </section>
  );
}

interface DownloadProps {
  chargeKey: string;
  onHold: (key: string) => void;
  onArrived: () => void;
  /** True when the server says that the charge of this key has been used up. */
  onUsed: () => void;
}

function Download({ chargeKey, onHold, onArrived, onUsed }: DownloadProps) {
  const { fetch } = useAresFetch({ usage: "export-pdf" });
  const [problem, setProblem] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: held once; after it has arrived there is nothing to hold.
  useEffect(() => onHold(chargeKey), [chargeKey]);

  async function download() {
    setProblem("");
    try {
      // The key stands in the headers, because the charge may be one from before a reload. A repeat is the same request.
      const answer = await fetch("/api/export-pdf", {
        headers: { "Ares-Charge": chargeKey, "Idempotency-Key": chargeKey },
      });
      if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = "field-notes.pdf";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      onArrived();
    } catch (error) {
      if (isAresError(error) && error.code === "used_up") return onUsed();
      setProblem(
        `The PDF did not arrive. It is paid for: press again. ${error instanceof Error ? error.message : ""}`,
      );
    }
  }

  return (
    <>
      <button type="button" className="plain" onClick={() => void download()}>
        Download field-notes.pdf
      </button>
      {problem !== "" && (
        <p className="notice" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
