import { AresProvider } from "ares-react";
import { useEffect } from "react";
import { Panel } from "./panel/Panel";
import { Studio } from "./Studio";
import { useWorld } from "./useWorld";
import { command, type World } from "./world";

/** The app over the pretend ARES, beside the panel that can break this ARES. */
export function PretendApp({ first }: { first: World }) {
  const { world, reachable, refresh } = useWorld(first);
  const { account } = world;

  async function become(id: string) {
    await command("account", { account: id });
    await refresh();
    tabs.postMessage("account");
  }
  async function connect() {
    await command("connect");
    await refresh();
    tabs.postMessage("account");
  }

  // The account is a cookie, so every tab has the same account.
  useEffect(() => {
    tabs.onmessage = () => void refresh();
  }, [refresh]);

  return (
    <div className="demo">
      <AresProvider
        endpoint="/api/ares"
        session={account ? "signed_in" : "signed_out"}
        userKey={account?.id}
        connection={account?.connection}
        signIn={() => become(world.accounts[0]?.id ?? "")}
        connect={connect}
        reconnect={connect}
      >
        <Studio
          account={account?.id}
          who={<span className="studio-who">{account ? account.name : "Signed out"}</span>}
        />
        <Panel world={world} reachable={reachable} refresh={refresh} onAccount={become} />
      </AresProvider>
    </div>
  );
}

const tabs = new BroadcastChannel("demo");
