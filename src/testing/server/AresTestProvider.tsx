import { QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import { AresProvider, type AresProviderProps } from "ares-react";
import { useContext, useEffect, useInsertionEffect, useRef, useState } from "react";
import type { Prices } from "../../contract";
import type { AresSimulator } from "../simulator/AresSimulator";
import { createAresSimulator } from "../simulator/createAresSimulator";
import type { FaultName } from "../simulator/faults";
import { type BegunCharge, createTestServer, type TestServer } from "./createTestServer";
import { firstUser, type SimulatedAccount } from "./simulatedAuth";

/** The props of `AresTestProvider`: the account, what it owns and has paid, and those of `AresProvider`. */
export interface AresTestProviderProps extends Omit<AresProviderProps, "endpoint" | "fetch"> {
  /** @default "connected" */
  account?: SimulatedAccount;
  /** What the user owns, in credits. @default 698, or what the simulator says */
  balance?: number;
  /** @default { "export-pdf": 1, image: 4, report: 3 } */
  prices?: Prices;
  /** Charges that are paid, or unknown, before the test begins: `[{ usage: "report", resource: "r-1" }]`. */
  charges?: readonly BegunCharge[];
  /** Strikes the first charge: `"insufficient"`, `"drop-after-charge"`. For more, script the `simulator`. */
  fault?: FaultName;
  /** To script faults, and to read the book. Its first user is signed in. */
  simulator?: AresSimulator;
  /** A server that outlives the provider, with its ledger: for a reload. Then `account`, `prices`, `charges`, `fault` and `simulator` are the server's. */
  server?: TestServer;
  /** @default "/api/ares" */
  endpoint?: string;
}

/**
 * Wraps a component under test or in a story in all it needs: the provider, the kit's real server and a simulator.
 *
 * Nothing leaves the process and nothing is mocked, so a press of a button really moves credits in `simulator`.
 * Each provider has a ledger of its own; for a test that mounts twice, pass the same `server`.
 *
 * @example
 * const simulator = createAresSimulator({ users: { ada: 698 } })
 * render(<AresTestProvider simulator={simulator}><App /></AresTestProvider>)
 */
export function AresTestProvider({
  account = "connected",
  balance,
  prices,
  charges,
  fault,
  simulator,
  server,
  endpoint = "/api/ares",
  ...props
}: AresTestProviderProps) {
  const [world] = useState(() =>
    createWorld({ account, balance, prices, charges, fault, simulator, server }),
  );
  const [own] = useState(() => new QueryClient());
  const queryClient = useContext(QueryClientContext) ?? own;

  useInsertionEffect(() => {
    world.account = account;
  });

  const shown = useRef({ account, balance });
  useEffect(() => {
    const last = shown.current;
    shown.current = { account, balance };
    if (last.account === account && last.balance === balance) return;
    if (balance !== undefined && last.balance !== balance)
      world.server.simulator.setBalance(firstUser(world.server.simulator), balance);
    void queryClient.invalidateQueries();
  }, [world, queryClient, account, balance]);

  return (
    <QueryClientProvider client={queryClient}>
      <AresProvider
        endpoint={endpoint}
        userKey={props.initial?.userKey ?? userKeyOf(world.server)}
        {...props}
        fetch={world.server.fetch}
      />
    </QueryClientProvider>
  );
}

interface WorldOptions {
  account: SimulatedAccount;
  balance: number | undefined;
  prices: Prices | undefined;
  charges: readonly BegunCharge[] | undefined;
  fault: FaultName | undefined;
  simulator: AresSimulator | undefined;
  server: TestServer | undefined;
}

interface World {
  account: SimulatedAccount;
  server: TestServer;
}

function createWorld({
  account,
  balance,
  prices,
  charges,
  fault,
  simulator,
  server,
}: WorldOptions): World {
  const world: World = {
    account,
    server:
      server ??
      createTestServer({
        simulator: simulator ?? createAresSimulator(),
        account: () => world.account,
        ...(prices && { prices }),
        ...(charges && { charges }),
        ...(fault && { fault }),
      }),
  };
  if (balance !== undefined)
    world.server.simulator.setBalance(firstUser(world.server.simulator), balance);
  return world;
}

const userKeys = new WeakMap<TestServer, string>();

/** Keys kept in the browser's storage by one test must not be found by the next, which has another ledger. */
function userKeyOf(server: TestServer): string {
  const key = userKeys.get(server) ?? `test-${crypto.randomUUID()}`;
  userKeys.set(server, key);
  return key;
}
