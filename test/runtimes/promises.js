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
