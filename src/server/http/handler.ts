import { errorTable, keyMintedAt, type Prices, quotedUsages, shownPrices } from "../../contract";
import { readAccount } from "../ares/account";
import type { AresApi } from "../ares/aresApi";
import type { AresAuth, Authenticate } from "../auth/auth";
import { authenticated } from "../auth/session";
import type { ChargeEngine } from "../charge/chargeEngine";
import type { Charged } from "../charge/intent";
import { ownerOf } from "../charge/owner";
import { receiptOf } from "../charge/receipt";
import { refuse } from "../refusals";
import type { Watch } from "../telemetry";
import {
  answer,
  chargedAnswer,
  chargeState,
  guideProblem,
  problem,
  refusalOf,
  type ServerError,
} from "./answers";
import type { KeylessPosts } from "./keylessPosts";
import { lookUpAll, lookUpOne } from "./lookUps";
import { checkOrigin, type NamedSites } from "./origin";
import { type Question, readQuery } from "./readQuery";
import { noWebRequest, readChargeRequest, readKey } from "./readRequest";

export interface HandlerParts extends NamedSites {
  clientId: string;
  prices: Prices;
  authenticate: Authenticate;
  api: AresApi;
  engine: ChargeEngine;
  keylessPosts: KeylessPosts;
  errorPages?: string | undefined;
  countRequest: (kind: "charges" | "reads", userId: string) => void;
  onError: (error: unknown) => void;
  watch: Watch;
  now: () => number;
}

/** Builds the endpoint: GET reads, POST charges. The handler answers 2xx only for success, and rejects only with what a framework throws through `auth`. */
export function createHandler(parts: HandlerParts): (request: Request) => Promise<Response> {
  const { clientId, prices, authenticate, api, engine, keylessPosts } = parts;
  const { countRequest, onError, watch, now } = parts;
  const quoted = quotedUsages(prices);
  const shown = { prices: shownPrices(prices), ...(quoted.length > 0 && { quoted }) };

  async function get(request: Request): Promise<Response> {
    const question = readQuery(new URL(request.url));
    const auth = await authenticated(authenticate, request);
    countRequest("reads", auth.userId);
    const owner = await ownerOf(clientId, auth.userId);
    const body = await answerTo(question, auth, request);
    return answer(200, { message: "Success", ...body, owner, serverTime: now() });
  }

  async function answerTo(question: Question, auth: AresAuth, request: Request): Promise<object> {
    const { userId } = auth;
    switch (question.kind) {
      case "balance":
        return { user: await readAccount(api, auth), ...shown };
      case "recent": {
        const charges = (await engine.recent(userId)).map(chargeState);
        return { charges: charges.filter(({ status }) => status !== "absent") };
      }
      case "one": {
        const only = await lookUpOne({ engine, onError, request, userId }, question.target);
        return { charge: only.charge, answers: [only] };
      }
      case "list":
        return { answers: await lookUpAll({ engine, onError, request, userId }, question.targets) };
    }
  }

  async function chargeFor(request: Request, key: string | null): Promise<Charged> {
    const arrivedAt = now();
    checkOrigin(request, parts);
    if (key !== null && keyMintedAt(key) === null) throw refuse("idempotency_key_invalid");
    const body = await readChargeRequest(request);
    if (body.client_id !== undefined && body.client_id !== clientId)
      throw refuse("client_id_mismatch");
    const auth = await authenticated(authenticate, request);
    const { usage, resource = null, input, credits: shownCredits, owner: shownOwner } = body;
    const intent = { auth, request, arrivedAt, usage, resource, input, shownCredits, shownOwner };
    return key === null ? keylessPosts.charge(intent) : engine.charge({ ...intent, key });
  }

  /** Whoever has to sign in or to connect first sees the prices beside that step. */
  function factsFor(error: ServerError): Partial<typeof shown> {
    return errorTable[error.code].status === 401 ? { prices: shown.prices } : {};
  }

  async function serve(request: Request, key: string | null): Promise<Response> {
    switch (request.method) {
      case "GET":
        return get(request);
      case "POST":
        return chargedAnswer(
          await watch.charge(
            request,
            () => chargeFor(request, key),
            (charged) => receiptOf(charged.row.usage, charged),
          ),
        );
      case "OPTIONS":
        throw refuse("method_not_allowed", {}, { message: NO_CORS });
      default:
        throw refuse("method_not_allowed");
    }
  }

  return async (request) => {
    const fault = noWebRequest(request);
    if (fault) return problem(refusalOf(fault, onError), parts.errorPages);
    const key = request.method === "POST" ? readKey(request) : null;
    try {
      return await serve(request, key);
    } catch (thrown) {
      const error = refusalOf(thrown, onError);
      const isGuides = request.method === "POST" && key === null;
      return isGuides ? guideProblem(error) : problem(error, parts.errorPages, factsFor(error));
    }
  };
}

const NO_CORS =
  "This endpoint serves pages of its own origin. Nothing was charged. Name the page's origin in the option cors of createAresServer.";
