import type { AresMessages } from "./messages";

/**
 * Every text of the kit in German, for the provider's `messages`. Give the provider the `locale` too, for figures and plurals.
 *
 * @example
 * import { germanMessages } from "ares-react/messages/de";
 * <AresProvider endpoint="/api/ares" locale="de" messages={germanMessages}>
 */
export const germanMessages: AresMessages = {
  one: "{n} Credit",
  other: "{n} Credits",
  less: "weniger als {n}",
  loading: "Dein Konto wird geprüft",
  signed_out: "Melde dich mit ARES an, um das zu nutzen.",
  not_connected: "Verbinde ARES, um das zu nutzen.",
  reconnect: "Deine Verbindung zu ARES ist abgelaufen.",
  locked: "",
  locked_more: "Du hast {balance}.",
  confirming: "{price} ausgeben?",
  confirming_more: "Jetzt {balance}, danach {after}.",
  charging: "ARES bestätigt die Zahlung",
  unlocked: "Freigeschaltet.",
  unlocked_more: "{credits} ausgegeben.",
  insufficient: "Dein Guthaben reicht nicht.",
  insufficient_more: "Das kostet {price}, du hast {balance}.",
  price_changed: "Der Preis ist jetzt {price}. Es wurde nichts abgebucht.",
  not_charged: "Es wurde nichts abgebucht.",
  unknown: "Wir konnten die Abbuchung nicht bestätigen. Sie wird nicht noch einmal gesendet.",
  unknown_more: "Dein Guthaben war {before} und ist jetzt {after}.",
  unavailable: "Das ist gerade nicht verfügbar. Es wurde nichts abgebucht.",
  signIn: "Mit ARES anmelden",
  connect: "ARES verbinden",
  renew: "ARES neu verbinden",
  unlock: "{label} freischalten",
  confirm: "{price} ausgeben",
  cancel: "Abbrechen",
  retry: "Noch einmal versuchen",
  checkAgain: "Noch einmal prüfen",
  dismiss: "Verstanden, neu beginnen",
  topUp: "Credits kaufen (öffnet einen neuen Tab)",
};
