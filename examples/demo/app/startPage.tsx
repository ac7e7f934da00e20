import type { ReactNode } from "react";
import { PretendApp } from "./PretendApp";
import { readWorld } from "./world";

/** The same app: over the real services where Clerk's key is set, otherwise over the pretend ones. */
export async function startPage(): Promise<ReactNode> {
  const publishableKey = import.meta.env.VITE_CLERK_PUBLISHABLE_KEY;
  if (typeof publishableKey === "string" && publishableKey !== "") {
    const { RealApp } = await import("./RealApp");
    return <RealApp publishableKey={publishableKey} />;
  }
  return <PretendApp first={await readWorld()} />;
}
