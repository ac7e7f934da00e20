/** The results of `walk.js` wherever the package keeps its promises. */
export const promises = {
  balance: { http: 200, state: "Success", credits: 10, replayed: false },
  charged: { http: 200, state: "charged", credits: null, replayed: false },
  replayed: { http: 200, state: "charged", credits: null, replayed: true },
  after8AtOnce: { http: 200, state: "charged", credits: null, replayed: true },
  wrongPrice: { http: 409, state: "price_changed", credits: null, replayed: false },
  lost: { http: 409, state: "outcome_unknown", credits: null, replayed: false },
  lostAgain: { http: 409, state: "outcome_unknown", credits: null, replayed: false },
  malformed: { http: 400, state: "invalid_request", credits: null, replayed: false },
  callsForALostChargeAgainAndAMalformedOne: 0,
  credits: 6,
  deductions: ["export-pdf: 1", "export-pdf: 1", "lost-answer: 2"],
};

/** The results of `walkConnect.js`. */
export const connectPromises = {
  before: { http: 401, state: "not_signed_in", credits: null },
  connected: { http: 303, location: "https://app.example/page" },
  secondCallback: 303,
  charged: { http: 200, state: "charged", credits: null },
  chargedAfterARefresh: { http: 200, state: "charged", credits: null },
  balances: [696],
  charges: 2,
  isRenewed: true,
  disconnected: { http: 200, disconnected: true },
  after: { http: 401, state: "not_signed_in", credits: null },
};
