import * as z from "zod/mini";

/** The moments at which a server loses most: right after a step of a charge, and before the next one. */
export const moments = ["claimed", "begun", "answered"] as const;

/** `claimed`: nothing is sent. `begun`: about to be sent. `answered`: ARES has taken the credits, and nothing is stored. */
export type Moment = (typeof moments)[number];

/** A server that has killed itself, and whose charge it left. */
const Death = z.object({ moment: z.enum(moments), user: z.string(), usage: z.string() });
export type Death = z.infer<typeof Death>;

/** What the parent tells a server. */
export const MustDie = z.object({ die: z.enum(moments) });
/** A server's last words. */
export const IsDead = z.object({ died: Death });
