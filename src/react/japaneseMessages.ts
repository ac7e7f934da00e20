import type { AresMessages } from "./messages";

/**
 * Every text of the kit in Japanese, for the provider's `messages`. Give the provider the `locale` too, for figures and plurals.
 *
 * @example
 * import { japaneseMessages } from "ares-react/messages/ja";
 * <AresProvider endpoint="/api/ares" locale="ja" messages={japaneseMessages}>
 */
export const japaneseMessages: AresMessages = {
  one: "{n} クレジット",
  other: "{n} クレジット",
  less: "{n} 未満",
  loading: "アカウントを確認しています",
  signed_out: "ご利用には ARES でのログインが必要です。",
  not_connected: "ご利用には ARES との連携が必要です。",
  reconnect: "ARES との連携が切れました。",
  locked: "",
  locked_more: "残高は {balance} です。",
  confirming: "{price} を使いますか?",
  confirming_more: "現在 {balance}、使用後 {after}。",
  charging: "ARES に確認しています",
  unlocked: "利用できるようになりました。",
  unlocked_more: "{credits} を使いました。",
  insufficient: "クレジットが足りません。",
  insufficient_more: "必要なのは {price}、残高は {balance} です。",
  price_changed: "現在の価格は {price} です。まだ引き落とされていません。",
  not_charged: "引き落とされていません。",
  unknown: "引き落としを確認できませんでした。再送信されることはありません。",
  unknown_more: "残高は {before} から {after} になりました。",
  unavailable: "現在ご利用いただけません。引き落とされていません。",
  signIn: "ARES でログイン",
  connect: "ARES と連携",
  renew: "ARES と再連携",
  unlock: "{label} を利用する",
  confirm: "{price} を使う",
  cancel: "キャンセル",
  retry: "もう一度試す",
  checkAgain: "もう一度確認する",
  dismiss: "了承して、やり直す",
  topUp: "クレジットを購入(新しいタブで開きます)",
};
