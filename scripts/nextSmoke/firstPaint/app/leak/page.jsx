import { AresGate } from "ares-react";
import { Providers } from "../providers";

/** A mistake: a server component as a child of the client's gate. */
export default function Page() {
  return (
    <Providers>
      <AresGate usage="report" resource="leak" label="Report">
        <Secret />
      </AresGate>
    </Providers>
  );
}

async function Secret() {
  return <p>{"secret-of-leak"}</p>;
}
