import { ares } from "../../../lib/ares";

/** A mistake: Next takes cookies and headers away, and nobody is signed in. */
export const dynamic = "force-static";
export const { GET } = ares;
