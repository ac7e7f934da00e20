import { AresServerGate } from "ares-react/rsc";
import { headers } from "next/headers";
import { Suspense } from "react";
import { ares } from "@/lib/ares";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <Suspense>
      <AresServerGate ares={ares} headers={headers()} usage="report" resource={id} label={`Report ${id}`}>
        <Report id={id} />
      </AresServerGate>
    </Suspense>
  );
}

async function Report({ id }: { id: string }) {
  return <p>The text of {id}.</p>;
}
