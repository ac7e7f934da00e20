/** The faults that a visitor can cause at the next charge, in words. The names are the simulator's. */
export const faults: readonly { name: string; says: string; deducts: boolean }[] = [
  { name: "drop-after-charge", says: "ARES deducts, then hangs up", deducts: true },
  { name: "hang-after-charge", says: "ARES deducts and never answers", deducts: true },
  { name: "500-after", says: "ARES deducts and answers 500", deducts: true },
  { name: "502-after", says: "ARES deducts, a proxy answers 502", deducts: true },
  { name: "garbage-200-after", says: "ARES deducts and answers garbage", deducts: true },
  { name: "stall-body-after", says: "ARES deducts, then half an answer", deducts: true },
  { name: "drop-before-charge", says: "ARES hangs up and deducts nothing", deducts: false },
  { name: "hang", says: "ARES never answers", deducts: false },
  { name: "500-before", says: "ARES answers 500", deducts: false },
  { name: "html-200-before", says: "A café's sign-in page answers 200", deducts: false },
  { name: "insufficient", says: "ARES says: not enough credits", deducts: false },
  { name: "429-retry-after", says: "ARES says: too many requests", deducts: false },
  { name: "403-expired", says: "ARES says: token expired", deducts: false },
];
