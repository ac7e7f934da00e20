import { AresError } from "../../contract";
import { refuse } from "../refusals";
import { privateHeaders, problem, refusalOf } from "./answers";

interface AnswerParts {
  onError: (error: unknown) => void;
  errorPages?: string | undefined;
}

/**
 * A copy of an app's own answer, which no cache gives to another user (RFC 9111), unless the app says how long to keep it.
 * The app's answer stays as it is: the headers of a redirect or of a `fetch` are locked, and one Response may serve many requests.
 *
 * An answer that can't be sent becomes `internal`, and the app hears why.
 */
export function privateAnswer(answer: Response, parts: AnswerParts): Response {
  if (answer.type === "error") return unsendable(NO_ANSWER, parts);
  if (answer.bodyUsed || answer.body?.locked) return unsendable(READ_BEFORE, parts);
  // A change of protocol can't be kept by a cache, nor copied: Workers carry its socket in the answer itself.
  if (answer.status < 200) return answer;
  const copy = new Response(answer.body, answer);
  if (!copy.headers.has("Cache-Control"))
    copy.headers.set("Cache-Control", privateHeaders["Cache-Control"]);
  for (const name of privateHeaders.Vary.split(", ")) varyBy(name, copy.headers);
  return copy;
}

function unsendable(why: string, { onError, errorPages }: AnswerParts): Response {
  const refusal = refuse("internal", {}, { cause: new AresError("internal", why) });
  return problem(refusalOf(refusal, onError), errorPages);
}

/** Says that an answer depends on this header of its request. */
export function varyBy(name: string, headers: Headers): void {
  const varying = (headers.get("Vary") ?? "").toLowerCase().split(/\s*,\s*/);
  if (varying.includes("*") || varying.includes(name.toLowerCase())) return;
  headers.append("Vary", name);
}

const NO_ANSWER =
  "ARES: the handler of a paid route gave Response.error(), which no server can send. Return an answer, or throw.";
const READ_BEFORE =
  "ARES: the handler of a paid route gave an answer whose body was read before. Make a new Response for each request.";
