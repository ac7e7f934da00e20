import { AresServerGate } from "ares-react/rsc";
import { headers } from "next/headers";
import { Suspense } from "react";
import { ares } from "@/lib/ares";

type Params = { params: Promise<{ id: string }> };

export default function Page({ params }: Params) {
  return (
    <Suspense>
      <Gate params={params} />
    </Suspense>
  );
}

async function Gate({ params }: Params) {
  const { id } = await params;
  return (
    <AresServerGate
      ares={ares}
      headers={headers()}
      usage="report"
      resource={id}
      label={`Report ${id}`}
    >
      <Report id={id} />
    </AresServerGate>
  );
}

async function Report({ id }: { id: string }) {
  return <p>The text of {id}.</p>;
}
