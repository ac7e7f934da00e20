import type { AresSnapshot } from "../../src";
import type { AresServer } from "../../src/server";

declare const ares: AresServer<{ report: { credits: 3 }; "export-pdf": 1 }>;
declare const request: Request;

export const snapshot: Promise<AresSnapshot> = ares.snapshot(request, {
  charges: [{ usage: "report", resource: "r-1" }],
  timeoutMs: 500,
});
export const ofHeaders: Promise<AresSnapshot> = ares.snapshot(new Headers());

// @ts-expect-error the app has no such usage
void ares.snapshot(request, { charges: [{ usage: "reprot", resource: "r-1" }] });
// @ts-expect-error only a resource has a state that lasts
void ares.snapshot(request, { charges: [{ usage: "report" }] });

export function balanceOf({ user }: AresSnapshot): number | undefined {
  // @ts-expect-error no e-mail stands in the page
  void user?.email;
  return user?.credits;
}
