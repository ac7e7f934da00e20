import {
  useEffect,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import {
  aresError,
  type CallState,
  type ChargeHandle,
  type ChargeTarget,
  callRules,
  chargesOf,
  createPaidCall,
  hint,
  IDLE_CALL,
  type PaidCall,
  type ResultOf,
  type RunningCall,
} from "../../client";
import { isAresError, isCredits } from "../../contract";
import { useAres } from "../provider/context";
import type { Usage, UsageInput } from "../provider/register";
import { useSame } from "../provider/useStable";
import { type ActionArgument, bytesCallOf, type CallName, callOf } from "./callText";
import { usePrice } from "./useAresPrice";
import { useAwaited } from "./useAwaited";
import { useNamedUser } from "./useNamedUser";

/** What `useAresAction` charges for, and at which price. */
export interface UseAresActionOptions<U extends Usage = Usage> {
  /** What the endpoint or the server action charges for. */
  usage: U;
  /** What exactly the endpoint charges for, where it names a resource. */
  resource?: string | undefined;
  /** What a quoted price follows from: plain JSON, at most 512 bytes. The endpoint charges for the same input. */
  input?: UsageInput<U> | undefined;
  /** Names the action, once in the app. Needed where two actions charge for one usage. @default the usage */
  name?: string | undefined;
  /** The price that the user was shown, where that is not `price`. */
  credits?: number | undefined;
}

/** Where an action stands, by `status`. */
export type AresActionState<R = unknown> = CallState & {
  /** What the last run gave: in `done`, and in `failed` where the endpoint answered. */
  result: R | undefined;
  /** The price that a press agrees to, in credits; undefined until it is read. */
  price: number | undefined;
};

/** What a component can do with its paid call: run it, run it again, look at it, forget it. */
export interface AresActionActions<Args extends readonly unknown[], R> {
  /**
   * Pays and runs the action once. Equal calls under way are one call. Never rejects, but for a framework's navigation.
   * The event of `onClick={draw.run}` is no argument. `<form action={draw.run}>` passes its `FormData`.
   */
  run: (...args: Args) => Promise<void>;
  /** As `run`, and gives the result. @throws {AresError} `insufficient_credits`, `outcome_unknown`, …; or what `act` threw */
  runAsync: (...args: Args) => Promise<R>;
  /** Runs the last call again. Undefined before there is one. */
  retry: (() => Promise<void>) | undefined;
  /** Looks at a charge whose outcome is unknown. Never charges. */
  check: () => Promise<unknown>;
  /** Goes back to `idle`. For an unknown charge this is the user's decision to start over. */
  reset: () => void;
}

/** What `useAresAction` returns: the state of the last call, and the actions. */
export type UseAresActionResult<
  Args extends readonly unknown[] = readonly unknown[],
  R = unknown,
> = AresActionState<R> & AresActionActions<Args, R>;

/**
 * Runs an endpoint behind `withCharge`, or a server action that calls `ares.charge`, at the price that was shown.
 *
 * `act` gets an idempotency key first: a `fetch` sends it as `Idempotency-Key`, a server action passes it to `ares.charge`. The
 * key names the user and the price, so nobody else pays, and no other price is taken. An action returns a refusal as `{ code }`.
 *
 * The hook keeps the key until the app's endpoint has told what became of the charge, also over a reload. What your own
 * endpoint answers decides nothing about the money. A call waits while the session or the price is loading, for ten seconds.
 *
 * @example
 * const pdf = useAresAction({ usage: "export-pdf" }, (key: string, title: string) =>
 *   fetch("/api/export", { method: "POST", headers: { "Idempotency-Key": key }, body: title }),
 * );
 * return (
 *   <>
 *     <button type="button" onClick={() => pdf.run("Report")}>Export for {pdf.price} credits</button>
 *     <AresErrorNotice charge={pdf} onRetry={pdf.retry} onCheck={pdf.check} onReset={pdf.reset} />
 *   </>
 * );
 */
export function useAresAction<U extends Usage, Args extends readonly ActionArgument[], R>(
  options: UseAresActionOptions<U>,
  act: (key: string, ...args: Args) => R | Promise<R>,
): UseAresActionResult<Args, ResultOf<R>> {
  const { client, session, onOutcome } = useAres();
  const { usage, resource, name = usage } = options;
  const input = useSame(options.input);
  const read = usePrice({ usage, input, enabled: options.credits === undefined });
  const price = options.credits ?? read.price;
  const agreedPrice = useAwaited(price, read.error);
  const namedUser = useNamedUser();

  const target = useMemo(() => ({ usage, resource, input }), [usage, resource, input]);
  /** The charges of this action, of one user. Before the first run the hook shows what a reload left of a call with bytes. */
  const charges = useMemo((): ActionCharges => {
    const open = (of: CallName) => chargesOf(client).open({ ...target, ...of }, false, callRules);
    return { target, open, first: open(bytesCallOf(name)) };
  }, [client, target, name]);
  const [last, setLast] = useState<LastRun<Args, ResultOf<R>>>();
  const isOwn = last?.of === charges;
  const run: LastRun<Args, ResultOf<R>> = isOwn ? last : { of: charges, handle: charges.first };
  const { handle, args } = run;
  const nobody = session === "loading" || session === "signed_out";
  const called = useSyncExternalStore(
    nobody ? never : handle.subscribe,
    nobody ? idle : handle.call,
    idle,
  );
  const state = run.unsent ?? called;

  const now = { run, name, act, price, onOutcome };
  const latest = useRef(now);
  useInsertionEffect(() => {
    latest.current = now;
  });

  const actions = useMemo(() => {
    const show = (args: Args, unsent: CallState) =>
      setLast({ ...latest.current.run, args, unsent });

    /** Waits for the user and the price, then sends. Rejects when nothing was sent. */
    async function send(args: Args): Promise<RunningCall<ResultOf<R>>> {
      // The page may show something else once the session and the price are there. What was pressed counts.
      const { name, price, act, run } = latest.current;
      const of = callOf(name, args);
      show(args, { status: "running" });
      await namedUser();
      const credits = checkedPrice(price ?? (await agreedPrice()));
      const { of: charges, handle: shown } = latest.current.run;
      if (charges.target !== run.of.target) throw aresError("network_error");
      const handle = goesOn(shown, of) ? shown : charges.open(of);
      const running = handle.run(
        credits,
        createPaidCall((key) => act(key, ...args)),
      );
      setLast({ of: charges, handle, args, paidCall: running.paidCall });
      return running;
    }

    async function start(given: Args): Promise<RunningCall<ResultOf<R>>> {
      const args = withoutEvent(given);
      return send(args).catch((thrown: unknown) => {
        const error = isAresError(thrown) ? thrown : aresError("network_error");
        const at = Date.now();
        const { run, onOutcome } = latest.current;
        show(args, { status: "refused", error, at });
        onOutcome(run.of.target, { status: "not_charged", error, at });
        throw error;
      });
    }

    return {
      async run(...args: Args): Promise<void> {
        const running = await start(args).catch(() => undefined);
        if (!running) return;
        const { paidCall, ended } = running;
        await Promise.race([paidCall.early.then(() => ended), ended]);
      },
      async runAsync(...args: Args): Promise<ResultOf<R>> {
        const { paidCall, ended } = await start(args);
        const state = await Promise.race([paidCall.early, ended]);
        if (state && "error" in state) throw state.error;
        return paidCall.take();
      },
      check: () => latest.current.run.handle.check(),
      reset() {
        const { unsent, ...shown } = latest.current.run;
        setLast(shown);
        // Behind a run that sent nothing stands an earlier charge. What the user gives up, they have to see.
        if (!unsent) shown.handle.reset();
      },
    };
  }, [namedUser, agreedPrice]);

  const isServed = state.status === "done" && state.receipt === undefined;
  useEffect(() => {
    if (process.env.NODE_ENV !== "production" && isServed)
      hint(`the action "${name}" ${UNCHARGED}`);
  }, [isServed, name]);

  const hasResult = state.status === "done" || state.status === "failed";
  const result = hasResult ? run.paidCall?.result() : undefined;
  const retry = useMemo(() => args && (() => actions.run(...args)), [args, actions]);
  return useMemo(
    () => ({ ...state, ...actions, retry, result, price }),
    [state, actions, retry, result, price],
  );
}

/** The last run of an action, and what is shown of it. */
interface LastRun<Args, R> {
  of: ActionCharges;
  handle: ChargeHandle;
  args?: Args;
  paidCall?: PaidCall<R>;
  /** The state of a run that has sent nothing. The machine of charges knows nothing of such a run. */
  unsent?: CallState;
}

interface ActionCharges {
  target: ChargeTarget;
  open: (of: CallName) => ChargeHandle;
  first: ChargeHandle;
}

const idle = () => IDLE_CALL;
const never = () => () => {};

/** True when a run goes on with the charge that is shown: it is of the same call. A call with bytes joins none under way. */
function goesOn({ target, call }: ChargeHandle, of: CallName): boolean {
  return target.call === of.call && (of.joins || call().status !== "running");
}

/** No other number can stand in a key, and a key without a price agrees to any. @throws {AresError} `invalid_request` */
function checkedPrice(credits: number): number {
  if (isCredits(credits)) return credits;
  throw aresError("invalid_request", NO_CREDITS, false);
}

/** The arguments of a run. React passes an event to `onClick={draw.run}`. */
function withoutEvent<Args extends readonly unknown[]>(args: Args): Args;
function withoutEvent(args: readonly unknown[]): readonly unknown[] {
  const [first] = args;
  const isEvent = typeof first === "object" && first !== null && "nativeEvent" in first;
  return isEvent || first instanceof Event ? [] : args;
}

const NO_CREDITS =
  "ARES: credits is no price, and nothing was sent. Pass a number from 0 on, with at most two decimal places.";
const UNCHARGED =
  "gave its result, and no charge under its key was confirmed. Pass the key to ares.charge, or send it as Idempotency-Key to an endpoint behind withCharge.";
