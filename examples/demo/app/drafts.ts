import * as z from "zod/mini";

/** A picture to draw. The id contains the subject, so a user pays for exactly this picture. */
const Draft = z.object({ id: z.string(), subject: z.string() });
export type Draft = z.infer<typeof Draft>;

const nameOf = (account: string) => `folio-drafts:${account}`;

export function newDraft(subject: string): Draft {
  const words = subject.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
  return { id: `${words}.${crypto.randomUUID().slice(0, 8)}`, subject };
}

/** Keeps an account's drafts for the life of the tab, also over reloads. */
export function readDrafts(account: string): Draft[] {
  const saved = sessionStorage.getItem(nameOf(account));
  return saved === null ? [] : z.array(Draft).parse(JSON.parse(saved));
}

export function writeDrafts(account: string, drafts: readonly Draft[]): void {
  sessionStorage.setItem(nameOf(account), JSON.stringify(drafts));
}
