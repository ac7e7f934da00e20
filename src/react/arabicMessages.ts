import type { AresMessages } from "./messages";

/**
 * Every text of the kit in Arabic, for the provider's `messages`. Give the provider the `locale` too, for figures and plurals.
 *
 * @example
 * import { arabicMessages } from "ares-react/messages/ar";
 * <AresProvider endpoint="/api/ares" locale="ar" messages={arabicMessages}>
 */
export const arabicMessages: AresMessages = {
  zero: "{n} وحدة رصيد",
  one: "وحدة رصيد واحدة ({n})",
  two: "وحدتا رصيد ({n})",
  few: "{n} وحدات رصيد",
  many: "{n} وحدة رصيد",
  other: "{n} وحدة رصيد",
  less: "أقل من {n}",
  loading: "جارٍ التحقق من حسابك",
  signed_out: "سجّل الدخول باستخدام ARES لاستخدام هذه الميزة.",
  not_connected: "اربط حسابك في ARES لاستخدام هذه الميزة.",
  reconnect: "انتهى ربط حسابك مع ARES.",
  locked: "",
  locked_more: "لديك {balance}.",
  confirming: "هل تريد إنفاق {price}؟",
  confirming_more: "الآن {balance}، وبعد ذلك {after}.",
  charging: "جارٍ التأكيد مع ARES",
  unlocked: "تم الفتح.",
  unlocked_more: "أُنفق {credits}.",
  insufficient: "رصيدك غير كافٍ.",
  insufficient_more: "التكلفة {price}، ولديك {balance}.",
  price_changed: "السعر الآن {price}. لم يُخصم منك شيء.",
  not_charged: "لم يُخصم منك شيء.",
  unknown: "لم نتمكن من تأكيد الخصم، ولن يُرسل مرة أخرى.",
  unknown_more: "كان رصيدك {before} وهو الآن {after}.",
  unavailable: "هذه الميزة غير متاحة الآن. لم يُخصم منك شيء.",
  signIn: "تسجيل الدخول باستخدام ARES",
  connect: "ربط ARES",
  renew: "إعادة ربط ARES",
  unlock: "فتح {label}",
  confirm: "إنفاق {price}",
  cancel: "إلغاء",
  retry: "إعادة المحاولة",
  checkAgain: "التحقق مجددًا",
  dismiss: "فهمت، البدء من جديد",
  topUp: "شراء رصيد (في علامة تبويب جديدة)",
};
