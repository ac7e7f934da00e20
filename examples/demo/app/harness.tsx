import { AresGate, AresProvider, CreditBalance } from "ares-react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import "ares-react/styles.css";

/**
 * A page for tests of many gates and of prices that follow from an input. Its query sets the page:
 *
 * - `usage` of its gates, and `gates`: how many
 * - `list`: how many gates with a resource of their own
 * - `copies`: the first input of a quoted price
 */
function Harness() {
  const query = new URLSearchParams(location.search);
  const usage = query.get("usage") ?? "export-pdf";
  const list = Array.from(
    { length: Number(query.get("list") ?? 0) },
    (_, index) => `item-${index + 1}`,
  );
  const copies = query.get("copies");
  const gates = Array.from(
    { length: Number(query.get("gates") ?? 1) },
    (_, index) => `Gate ${index + 1}`,
  );

  return (
    <main>
      <CreditBalance />
      {list.map((item) => (
        <AresGate key={item} label={item} usage={usage} resource={item}>
          <p>The feature of {item}</p>
        </AresGate>
      ))}
      {copies && <Prints first={Number(copies)} />}
      {gates.map((label) => (
        <AresGate key={label} label={label} usage={usage}>
          <p>The feature of {label}</p>
        </AresGate>
      ))}
    </main>
  );
}

/** A price that follows from what the user types. */
function Prints({ first }: { first: number }) {
  const [text, setText] = useState(String(first));
  const copies = Number(text);
  return (
    <>
      <label>
        Copies{" "}
        <input type="number" value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <AresGate label="prints" usage="prints" input={{ copies }}>
        {(receipt) => <p>{`${copies} prints for ${receipt?.credits} credits`}</p>}
      </AresGate>
    </>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <AresProvider endpoint="/api/ares">
        <Harness />
      </AresProvider>
    </StrictMode>,
  );
}
