export { AresError, isAresError } from "./contract";
export {
  type ReceiptKey,
  type ReceiptSubject,
  type SignReceiptOptions,
  signReceipt,
  type VerifiedReceipt,
  type VerifyReceiptOptions,
  verifyReceipt,
} from "./receipt/index";
