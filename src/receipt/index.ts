export type { ReceiptKey } from "./receiptKey";
export { type ReceiptSubject, type SignReceiptOptions, signReceipt } from "./signReceipt";
export { type VerifiedReceipt, type VerifyReceiptOptions, verifyReceipt } from "./verifyReceipt";
