import * as z from "zod/mini";

/** What a server still holds after a garbage collection: megabytes, and handles of any kind. */
export interface Stats {
  rssMb: number;
  heapMb: number;
  handles: number;
}

const Answer = z.object({ rss: z.number(), heapUsed: z.number(), handles: z.number() });

export async function readStats(url: string): Promise<Stats> {
  const { rss, heapUsed, handles } = Answer.parse(await (await fetch(`${url}/stats`)).json());
  return { rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20, handles };
}
