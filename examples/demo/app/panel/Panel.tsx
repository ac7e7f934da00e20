import { useAresUser } from "ares-react";
import { type FormEvent, useState } from "react";
import { command, type World } from "../world";
import { Books } from "./Books";
import { faults } from "./faults";
import { Terminal } from "./Terminal";
import "./panel.css";

interface PanelProps {
  world: World;
  reachable: boolean;
  refresh: () => Promise<void>;
  /** The browser changed to another account, or signed out. */
  onAccount: (id: string) => Promise<void>;
}

/** Tools with which a visitor tries to be charged twice. The panel only tells the app to read the balance again. */
export function Panel({ world, reachable, refresh, onAccount }: PanelProps) {
  const [problem, setProblem] = useState("");
  const { refetch } = useAresUser();
  const user = world.account?.id;
  const balance = world.ares.users.find((each) => each.user === user)?.credits;
  const latency = typeof world.ares.knobs.latencyMs === "number" ? world.ares.knobs.latencyMs : 0;

  const run = (path: string, body: object = {}) => {
    setProblem("");
    return command(path, body)
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
      .then(refresh);
  };
  /** Commands that change the user's data on the page. */
  const runOnMe = (path: string, body: object) => run(path, body).then(() => refetch());

  return (
    <aside className="panel" aria-label="Behind the curtain">
      <header>
        <h2>Behind the curtain</h2>
        <p>ARES is a pretend one on this machine. Break it, and try to be charged twice.</p>
        {!reachable && (
          <p role="status">The app's server does not answer. It is being started again.</p>
        )}
        {problem && <p role="alert">{problem}</p>}
      </header>

      <section aria-label="You">
        <label>
          You are
          <select
            value={user ?? "nobody"}
            onChange={(event) => void onAccount(event.currentTarget.value)}
          >
            {world.accounts.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
                {notes[id] ?? ""}
              </option>
            ))}
            <option value="newcomer">A new person with 698 credits</option>
            <option value="nobody">Nobody · signed out</option>
          </select>
        </label>
        {user !== undefined && (
          <>
            <form
              onSubmit={(event) => {
                const form = dataOf(event);
                void runOnMe("ares/balance", { user, credits: Number(form.get("credits")) });
              }}
            >
              <label>
                Credits at ARES
                <input
                  key={balance}
                  name="credits"
                  type="number"
                  required
                  min="0"
                  step="0.01"
                  defaultValue={balance}
                />
              </label>
              <button type="submit">Set</button>
              <button
                type="button"
                onClick={() => void runOnMe("ares/topup", { user, credits: 100 })}
              >
                Top up 100
              </button>
            </form>
            <div className="panel-row">
              <button type="button" onClick={() => void runOnMe("ares/expire", { user })}>
                Expire my token
              </button>
              <button
                type="button"
                onClick={() => void runOnMe("ares/expire", { user, refreshable: false })}
              >
                End my connection
              </button>
            </div>
          </>
        )}
      </section>

      <section aria-label="Faults">
        <form
          onSubmit={(event) => {
            const form = dataOf(event);
            void run("ares/fail", {
              fault: form.get("fault"),
              on: "usage",
              times: form.has("always") ? "always" : 1,
            });
          }}
        >
          <label>
            On the next charge
            <select name="fault">
              {faults.map(({ name, says }) => (
                <option key={name} value={name}>
                  {says}
                </option>
              ))}
            </select>
          </label>
          <label className="panel-check">
            <input type="checkbox" name="always" /> and every one after it
          </label>
          <button type="submit">Break ARES</button>
          <button
            type="button"
            onClick={() => void run("ares/heal")}
            disabled={world.ares.faults.length === 0}
          >
            Heal
          </button>
        </form>
        {world.ares.faults.map(({ fault, on, left }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: several equal faults may wait in a row, and they are strings.
          <p className="panel-fault" key={index}>
            Waiting: {faults.find(({ name }) => name === fault)?.says ?? String(fault)}
            {on === "user" ? " (on reading the balance)" : ""}
            {left === "always" ? ", always" : ""}
          </p>
        ))}
        <label>
          ARES takes {(latency / 1000).toLocaleString("en", { minimumFractionDigits: 1 })} s to
          answer
          <input
            type="range"
            min="0"
            max="6000"
            step="50"
            value={latency}
            onChange={(event) =>
              void run("ares/set", { latencyMs: Number(event.currentTarget.value) })
            }
          />
        </label>
        <button type="button" className="panel-danger" onClick={() => void run("crash")}>
          Kill the app's server
        </button>
      </section>

      <Books world={world} onResolve={(id, to) => void run("resolve", { id, to })} />
      <Terminal user={user} />
    </aside>
  );
}

function dataOf(event: FormEvent<HTMLFormElement>): FormData {
  event.preventDefault();
  return new FormData(event.currentTarget);
}

const notes: Readonly<Record<string, string>> = {
  cleo: " · no ARES account connected",
  dora: " · connection to ARES ended",
};
