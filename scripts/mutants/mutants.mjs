/** @typedef {import("./mutated.mjs").Mutant} Mutant */

const send = "src/server/charge/sendCharge.ts";
const record = "src/server/charge/recordOutcome.ts";
const cap = "src/server/charge/spendCap.ts";
const claimLimit = "src/server/charge/claimLimit.ts";
const rateLimit = "src/server/http/rateLimit.ts";
const withCharge = "src/server/paid/withCharge.ts";
const errors = "src/contract/errors.ts";

/** The tests that must see a fault of a file. All run before a commit. @type {Record<string, string[]>} */
const testsBy = {
  [send]: ["test/server/charge", "test/server/http/edges", "test/server/paid/paidAccess"],
  [record]: ["test/server/charge", "test/server/http/edges"],
  [cap]: ["test/server/charge", "test/server/startUp"],
  [claimLimit]: ["test/server/charge/claimLimit"],
  [rateLimit]: ["test/server/charge/claimLimit", "test/server/http/rateLimit"],
  [withCharge]: ["test/server/paid", "test/server/charge"],
  [errors]: ["test/contract/errors"],
};

/** @param {string} file */
export function testsOf(file) {
  return testsBy[file] ?? [];
}

/** @type {Record<string, [name: string, from: string, to: string][]>} */
const changes = {
  [send]: [
    ["sends without asking the fence", "await beginFirst(charge);", ""],
    ["sends a charge of 0 credits", "if (row.hundredths === 0)", "if (false)"],
    [
      "sends a renewed token without asking the fence again",
      "const begun = await begin(charge);",
      'const begun = { k: "yes" };',
    ],
    [
      "sends a renewed token on a late yes",
      'case "late":\n        throw refuse("ledger_unavailable");\n      default:\n        throw refuse("reconnect");',
      'case "late":\n        return token;\n      default:\n        throw refuse("reconnect");',
    ],
    [
      "sends a renewed token on a no",
      '      default:\n        throw refuse("reconnect");',
      "      default:\n        return token;",
    ],
    ["sends the refused token again", " || token === charge.token", ""],
    ["believes an old yes", "now() - askedAt <= FRESH_MS && ", ""],
    ["believes a yes after 7 seconds", "const FRESH_MS = 6_000", "const FRESH_MS = 7_000"],
    ["sends however late after the request", " && now() - intent.arrivedAt <= SEND_WITHIN_MS", ""],
    [
      "sends 26 seconds after the request",
      "const SEND_WITHIN_MS = 25_000",
      "const SEND_WITHIN_MS = 26_000",
    ],
    [
      "frees no row whose begin was not answered",
      "settleLater(row, nothingSent(row));\n      throw error;",
      "throw error;",
    ],
    [
      "sends when the ledger said no",
      'case "no":\n        throw inProgress(row);',
      'case "no":\n        return;',
    ],
    ["sends above the cap", "throw overCap(begun.leftMs);", "return;"],
    [
      "frees no row after a late yes",
      'await settle(row, nothingSent(row));\n        throw refuse("ledger_unavailable");',
      'throw refuse("ledger_unavailable");',
    ],
    ["takes a strange answer for a yes", "throw strangeAnswer(begun);", "return;"],
    [
      "frees no row after a strange answer",
      "settleLater(row, nothingSent(row));\n        throw strangeAnswer(begun);",
      "throw strangeAnswer(begun);",
    ],
    [
      "tells evidence of the refused token's account",
      "conclude({ ...charge, evidence: {} }, second)",
      "conclude(charge, second)",
    ],
    [
      "hides a redirect of the framework",
      "isAresError(error) || isOfFramework(error)",
      "isAresError(error)",
    ],
    [
      "hides why there is no new token",
      "isAresError(error) || isOfFramework(error)",
      "isOfFramework(error)",
    ],
    ["ends the lease with the send", "parts.sendMs + SEND_MARGIN_MS", "parts.sendMs"],
    ["stores no status of ARES", "{ aresStatus: reply.http } : {}", "{} : {}"],
    ["stores a charge as unknown", 'to: "charged", outcome }', 'to: "unknown", outcome }'],
    ["stores no evidence with a charge", "{ ...evidence, ...balance,", "{ ...balance,"],
    ["stores no balance with a charge", "{ ...evidence, ...balance,", "{ ...evidence,"],
    ["stores no number of replays", ", ...replaysOf(intent) }", " }"],
    ["tells nobody of a charge", 'emit({ type: "charged", ...facts });', ""],
    ["calls a charge a replay", "replayed: false", "replayed: true"],
    ["tells no balance after a charge", "agoMs: 0, ...balance }", "agoMs: 0 }"],
    ["frees the row of a declined charge", 'to: "declined", outcome }', 'to: "claimed", outcome }'],
    [
      "stores no reason of a decline",
      "{ code: answer.code, ...answer.seen }",
      "{ ...answer.seen }",
    ],
    ["tells nobody of a decline", 'emit({ type: "declined", code: answer.code, ...facts });', ""],
    [
      "calls a refused second token unknown",
      'case "token_rejected":\n        return giveUp(row, refuse("reconnect"));',
      'case "token_rejected":',
    ],
    [
      "stores as declined what ARES did not process",
      "return giveUp(row, refuse(answer.code, notProcessed(row, answer)));",
      'await settle(row, { attempt, to: "declined", outcome: {} });\n        throw refuse(answer.code, notProcessed(row, answer));',
    ],
    [
      "frees the row of an unknown charge",
      'to: "unknown", outcome: { ...evidence',
      'to: "claimed", outcome: { ...evidence',
    ],
    [
      "stores an unknown charge as declined",
      'to: "unknown", outcome: { ...evidence',
      'to: "declined", outcome: { ...evidence',
    ],
    [
      "stores no evidence with an unknown charge",
      "outcome: { ...evidence, ...answer.seen }",
      "outcome: { ...answer.seen }",
    ],
    [
      "tells nobody of an unknown charge",
      'emit({ type: "unknown", code: "outcome_unknown", ...facts });',
      "",
    ],
    [
      "calls an unknown charge declined",
      'throw refuse("outcome_unknown", askAgain(row, 5));',
      'throw refuse("declined");',
    ],
    [
      "keeps the row of a charge that was given up",
      "await settle(row, nothingSent(row));\n    const code",
      "const code",
    ],
    [
      "tells nobody of a charge that was given up",
      'emit({ type: "not_sent", code, ...factsOf(row) });',
      "",
    ],
    [
      "ends a row that sent nothing",
      'to: "claimed", outcome: {} }',
      'to: "declined", outcome: {} }',
    ],
    ["names the row of a rate limit", 'code === "rate_limited"\n', 'code === "never"\n'],
  ],
  [record]: [
    [
      "lets a failing ledger change the answer",
      "} catch {",
      "} catch (error) {\n        throw error;",
    ],
    [
      "forgets an outcome that the ledger did not take",
      "settleLater(row, settlement);\n      }\n    },",
      "}\n    },",
    ],
    [
      "tells nobody of an outcome that waits",
      'emit({ type: "settle_delayed", ...factsOf(row), ...verdictOf(settlement.to) });',
      "",
    ],
    [
      "writes an outcome that waits never",
      "write: () => write(row, settlement)",
      "write: async () => {}",
    ],
    ["tells nobody of a lost outcome", "lost: () => lose(row, settlement)", "lost: () => {}"],
    [
      "tells no verdict of a lost outcome",
      'emit({ type: "settle_lost", ...factsOf(row), ...verdictOf(to) });',
      'emit({ type: "settle_lost", ...factsOf(row) });',
    ],
    [
      "does not see that a row was ended otherwise",
      "if (await askLedger(() => ledger.settle(row.id, settlement))) return;",
      "await askLedger(() => ledger.settle(row.id, settlement));\n    return;",
    ],
    [
      "leaves a row that sent nothing unknown",
      'if (to === "claimed") return askLedger(() => free(row, attempt));',
      'if (to === "claimed") return;',
    ],
    [
      "lets a late no of ARES correct an operator to charged",
      'to === "charged" && (await',
      "(await",
    ],
    [
      "does not let ARES's yes correct an operator's no",
      'to === "charged" && (await askLedger(() => correct(row.id, attempt)))',
      "false",
    ],
    [
      "calls a corrected row a lost one",
      'corrected ? "settle_corrected" : "settle_lost"',
      '"settle_lost"',
    ],
    [
      "calls a lost row a corrected one",
      'corrected ? "settle_corrected" : "settle_lost"',
      '"settle_corrected"',
    ],
    [
      "tells no verdict of a corrected row",
      "...factsOf(row),\n      ...verdictOf(to),",
      "...factsOf(row),",
    ],
    ["corrects the row of another attempt", "      attempt,\n    });\n  }", "    });\n  }"],
    ["drops the operator's note", '(await ledger.find(id))?.outcome.note ?? ""', '""'],
    ["frees the row of another attempt", " || found.attempt !== attempt", ""],
    ["frees a row as charged", 'to: "declined",\n      note', 'to: "charged",\n      note'],
    [
      "tells nobody of a freed row",
      'if (ended) emit({ type: "resolved", ...factsOf(row), verdict: "not_charged" });',
      "",
    ],
    ["gives an unknown outcome a verdict", 'if (to === "unknown") return {};', ""],
    [
      "gives a charge the verdict of none",
      'to === "charged" ? "charged" : "not_charged"',
      '"not_charged"',
    ],
    [
      "lets a serverless function end before the outcome is stored",
      "createWaitingWrites(waitUntil)",
      "createWaitingWrites()",
    ],
  ],
  [claimLimit]: [
    ["holds no limit on all servers", "if (!most)", "if (true)"],
    [
      "asks for a limit where there is none",
      "return (id, claim) => ledger.claim(id, claim);",
      "return (id, claim) => ledger.claimWithin(id, { ...claim, most });",
    ],
    ["asks a ledger of a class without itself", "claimWithin.call(ledger, id,", "claimWithin(id,"],
  ],
  [rateLimit]: [
    [
      "takes any number of charges on all servers",
      "Number.isSafeInteger(rows) && rows > 0",
      "true",
    ],
    ["takes half a charge on all servers", "Number.isSafeInteger(rows) && ", ""],
    ["takes 0 charges on all servers", " && rows > 0", ""],
    ["counts rows that the ledger may have forgotten", "windowMs <= LONGEST_IN_LEDGER_MS", "true"],
    [
      "counts another window on all servers",
      "return { rows, windowMs };",
      "return { rows, windowMs: 1 };",
    ],
    ["counts each request", "counted.count > allowed[kind]", "counted.count > 0"],
  ],
  [cap]: [
    [
      "counts a minute as a day",
      "{ minute: hundredthsOf(perMinute) }",
      "{ day: hundredthsOf(perMinute) }",
    ],
    [
      "counts a day as a minute",
      "{ day: hundredthsOf(perDay) }",
      "{ minute: hundredthsOf(perDay) }",
    ],
    ["has no cap of 0 in a minute", "...(perMinute !== undefined &&", "...(perMinute &&"],
    ["has no cap of 0 in a day", "...(perDay !== undefined &&", "...(perDay &&"],
    ["refuses a charge of 0 credits", "if (row.hundredths === 0) return plain(row, leaseMs);", ""],
    [
      "counts no charge",
      "return beginWithin.call(ledger, row.id, { attempt: row.attempt, leaseMs, most });",
      "return plain(row, leaseMs);",
    ],
    ["takes an older ledger's word for a cap", "need(\n    beginWithin,", "need(\n    true,"],
    ["calls the ledger's verb without the ledger", "beginWithin.call(ledger, ", "beginWithin("],
    ["begins when begin said no", '{ k: "yes" } : { k: "no" }', '{ k: "yes" } : { k: "yes" }'],
    ["takes any number for an amount", "need(\n    isCredits(credits),", "need(\n    true,"],
    ["counts hundredths as credits", "return toHundredths(credits);", "return credits;"],
    ["says that no wait is needed", "Math.max(1, Math.ceil(leftMs / 1000))", "0"],
    ["says a wait that is too short", "Math.ceil(leftMs / 1000)", "Math.floor(leftMs / 1000)"],
    [
      "says no second for less than one",
      "Math.max(1, Math.ceil(leftMs / 1000))",
      "Math.ceil(leftMs / 1000)",
    ],
    ["says nothing of the limit", "{ message: TOO_MUCH }", "{}"],
  ],
  [withCharge]: [
    ["serves other sites", "checkOrigin(request, parts);", ""],
    ["charges for a HEAD", 'if (request.method === "HEAD")', "if (false)"],
    ["charges without a key", "if (key === null) throw", "if (false) throw"],
    [
      "takes no notice of the shown price",
      "const shownCredits = readShownCredits(request);",
      "const shownCredits = undefined;",
    ],
    [
      "charges for no input",
      "const input = await inputOf(options.input, request, args);",
      "const input = undefined;",
    ],
    [
      "charges for no resource",
      "const resource = await resourceOf(options.resource, request, args);",
      "const resource = undefined;",
    ],
    [
      "serves a resource whose paid time is over",
      "if (isExpired && replayed) throw usedUp(row, prices);",
      "",
    ],
    ["refuses a fresh charge of a resource", "if (isExpired && replayed)", "if (replayed)"],
    [
      "serves a second work that the charge did not pay",
      'case "used":\n        throw usedUp(row, prices);',
      'case "used":\n        return noUse;',
    ],
    [
      "serves another body of the same key",
      'case "mismatch":\n        throw otherBody(row);',
      'case "mismatch":\n        return noUse;',
    ],
    ["keeps no digest of the body", "...(body !== undefined && { body }),", ""],
    ["serves while the use could not be counted", "throw inProgress(row);", "return noUse;"],
    [
      "serves a repeat after its time",
      'case "already_by_me":\n        if (isExpired) throw usedUp(row, prices);',
      'case "already_by_me":',
    ],
    [
      "says that nothing was charged while the ledger fails",
      '"charge_in_progress",\n        askAgain',
      '"ledger_unavailable",\n        askAgain',
    ],
    [
      "lets the lease of long work end",
      "return renewing(createHeldUse(redeem, later), redeem);",
      "return createHeldUse(redeem, later);",
    ],
    ["holds a use for no time", "leaseMs: LEASE_MS,", "leaseMs: 0,"],
    ["counts the same repeats everywhere", "      repeats,\n", "      repeats: 5,\n"],
    [
      "takes another address for the same request",
      "await requestFingerprint(request, key)",
      "String(key)",
    ],
    [
      "keeps the use of work that threw",
      "await held.release();\n        throw error;",
      "throw error;",
    ],
    [
      "keeps the use of an answer that failed",
      "return await watchAnswer(answer, held, request.signal);",
      "return answer;",
    ],
    ["does not say that it charged", "if (answer.status >= 200)", "if (false)"],
    [
      "lets paid work be cached",
      "privateAnswer(await handler(request, paid, ...args), parts)",
      "new Response((await handler(request, paid, ...args)).body)",
    ],
    ["tells the app nothing of an error", "refusalOf(thrown, onError)", "refusalOf(thrown)"],
    [
      "starts with an empty resource",
      'if (typeof options.resource === "string") namedResource(options.resource);',
      "",
    ],
    ["starts without the input of a quoted price", "needInput(prices, options);", ""],
    [
      "gives the handler a release that does nothing",
      "release: () => held.release()",
      "release: async () => {}",
    ],
    [
      "counts the upload as the charge's own time",
      "const arrivedAt = now();",
      "const arrivedAt = now() - 60_000;",
    ],
  ],
  [errors]: [
    [
      "takes a member of every object for a code",
      "Object.hasOwn(errorTable, code)",
      "code in errorTable",
    ],
    [
      "calls an app's unknown code a user's",
      "isErrorCode(code) ? errorTable[code] : UNKNOWN_CODE",
      "errorTable[code] ?? errorTable.declined",
    ],
    [
      "says of a newer code that nothing was taken",
      'money: "open",\n  whose: "server"',
      'money: "none",\n  whose: "server"',
    ],
    [
      "lets a newer code be charged again",
      'status: 0,\n  retry: "read_only"',
      'status: 0,\n  retry: "new_key"',
    ],
    [
      "calls every error of the app a mistake",
      'whose === "app" && next !== "try_again"',
      'whose === "app"',
    ],
    [
      "calls an error of the server a mistake",
      'whose === "app" && next !== "try_again"',
      'next !== "try_again"',
    ],
    [
      "ends a key that may be sent again",
      'retry === "new_key" && money === "silent"',
      'money === "silent"',
    ],
    [
      "ends no key that an earlier request may have charged",
      'retry === "new_key" && money === "silent"',
      'retry === "new_key" && money === "open"',
    ],
    ["lets every error be retried", "options.retryable ?? false", "options.retryable ?? true"],
    ["has no details", "options.details ?? {}", "options.details"],
    ["takes any error for its own", '&& error.name === "AresError" && "code" in error', ""],
    ["takes an error without a code for its own", ' && "code" in error', ""],
    ["starts with an option that can't work", "if (!works)", "if (false)"],
  ],
};

/** A wrong value of each column of the error table. @type {[code: string, column: string, value: string | number][]} */
const cells = [
  ["declined", "status", 400],
  ["internal", "retry", "new_key"],
  ["price_changed", "retry", "no"],
  ["outcome_unknown", "money", "none"],
  ["ledger_reset", "money", "none"],
  ["used_up", "money", "silent"],
  ["rate_limited", "whose", "user"],
  ["declined", "whose", "app"],
  ["insufficient_credits", "next", "try_again"],
];

/** @type {Mutant[]} */
export const mutants = [
  ...Object.entries(changes).flatMap(([file, rows]) =>
    rows.map(([name, from, to]) => ({ name, file, from, to })),
  ),
  ...cells.map(([code, column, value]) => ({
    name: `has ${value} for the ${column} of ${code}`,
    file: errors,
    more: `Object.assign(errorTable.${code}, { ${column}: ${JSON.stringify(value)} });`,
  })),
];
