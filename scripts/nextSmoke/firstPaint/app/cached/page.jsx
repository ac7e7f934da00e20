import { headers } from "next/headers";
import { connection } from "next/server";
import { Suspense } from "react";
import { ares } from "../../lib/ares";

export default function Page() {
  return (
    <Suspense fallback={<p>The shell</p>}>
      <Wrong />
    </Suspense>
  );
}

async function Wrong() {
  await connection();
  return <p>{await cached()}</p>;
}

/** A mistake: what is of one user would be kept for all. */
async function cached() {
  "use cache";
  const { user } = await ares.snapshot(await headers());
  return user?.credits;
}
