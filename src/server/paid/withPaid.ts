import { problem, refusalOf } from "../http/answers";
import { privateAnswer } from "../http/privateAnswer";
import { inputOf, namedResource, resourceOf } from "../http/readRequest";
import { noUse } from "./heldUse";
import {
  needInput,
  type PaidAccessParts,
  type PaidHandler,
  type RequirePaidOptions,
  type WithPaidOptions,
} from "./paid";
import { repeatsOf } from "./repeats";
import type { Admitted } from "./requirePaid";
import { watchAnswer } from "./watchAnswer";

type Admit = <U extends string>(
  request: Request,
  options: RequirePaidOptions<U>,
) => Promise<Admitted<U>>;

/** Builds `withPaid`: lets paid requests through to a route, and gives a counted use back when the route fails. */
export function createWithPaid(
  admit: Admit,
  parts: Pick<PaidAccessParts, "prices" | "onError" | "errorPages">,
) {
  const { prices, onError, errorPages } = parts;
  return <U extends string, Args extends readonly unknown[]>(
    options: WithPaidOptions<U, Args>,
    handler: PaidHandler<U, Args>,
  ) => {
    const { usage, uses, windowMs, repeats } = options;
    if (typeof options.resource === "string") namedResource(options.resource);
    needInput(prices, options);
    repeatsOf(options);

    async function admitRoute(request: Request, args: Args): Promise<Admitted<U>> {
      const resource = (await resourceOf(options.resource, request, args)) ?? undefined;
      const input = await inputOf(options.input, request, args);
      return admit(request, { usage, uses, windowMs, repeats, resource, input });
    }

    /** Does the work of a paid request. */
    async function work(
      request: Request,
      args: Args,
      { paid, use }: Admitted<U>,
    ): Promise<Response> {
      try {
        const answer = privateAnswer(await handler(request, paid, ...args), parts);
        if (use === noUse) return answer;
        // The use was counted as used. Only a failure changes that.
        return await watchAnswer(answer, { ...use, end: noUse.end }, request.signal);
      } catch (error) {
        await use.release();
        throw error;
      }
    }

    return async (request: Request, ...args: Args): Promise<Response> => {
      const admitted = await admitRoute(request, args).catch((thrown: unknown) =>
        problem(refusalOf(thrown, onError), errorPages),
      );
      if (admitted instanceof Response) return admitted;
      if (admitted.workless) return privateAnswer(new Response(null), parts);
      return work(request, args, admitted);
    };
  };
}
