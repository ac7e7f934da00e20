import { AresServerGate } from "ares-react/rsc";
import { headers } from "next/headers";
import { Suspense } from "react";
import { ares } from "../../../lib/ares";
import { Providers } from "../../providers";

export default function Page({ params }) {
  return (
    <Providers>
      <h1>Reports</h1>
      <Suspense fallback={<p>The shell</p>}>
        <Gate params={params} />
      </Suspense>
    </Providers>
  );
}

async function Gate({ params }) {
  const { id } = await params;
  return (
    <AresServerGate ares={ares} headers={headers()} usage="report" resource={id} label="Report">
      <Secret id={id} />
    </AresServerGate>
  );
}

async function Secret({ id }) {
  return <p>{`secret-of-${id}`}</p>;
}
