import { AresServerGate } from "ares-react/rsc";
import { headers } from "next/headers";
import { Suspense } from "react";
import { ares } from "@/lib/ares";

type Params = Promise<{ id: string }>;

/** The shell is the same for everybody. What is of one user stands below Suspense. */
export default function Page({ params }: { params: Params }) {
  return (
    <Suspense fallback={<p>One moment.</p>}>
      <Gate params={params} />
    </Suspense>
  );
}

async function Gate({ params }: { params: Params }) {
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

/** Rendered for a user who has paid, and for nobody else. */
async function Report({ id }: { id: string }) {
  return <p>The text of {id}.</p>;
}
