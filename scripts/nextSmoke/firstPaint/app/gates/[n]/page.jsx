import { AresGate, CreditBalance } from "ares-react";
import Link from "next/link";
import { Suspense } from "react";
import { Providers } from "../../providers";

/** So many paid gates on one page, without a snapshot: the page reads the state of each. */
export default function Page({ params }) {
  return (
    <Providers>
      <Link href="/">Front page</Link>
      <CreditBalance />
      <Suspense fallback={<p>The shell</p>}>
        <Gates params={params} />
      </Suspense>
    </Providers>
  );
}

async function Gates({ params }) {
  const { n } = await params;
  return Array.from({ length: Number(n) }, (_, index) => `gates-${index}`).map((resource) => (
    <AresGate key={resource} usage="report" resource={resource} label={resource}>
      <p>{`Open: ${resource}.`}</p>
    </AresGate>
  ));
}
