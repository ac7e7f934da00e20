import type { AresMessages } from "./messages";

/**
 * Every text of the kit in French, for the provider's `messages`. Give the provider the `locale` too, for figures and plurals.
 *
 * @example
 * import { frenchMessages } from "ares-react/messages/fr";
 * <AresProvider endpoint="/api/ares" locale="fr" messages={frenchMessages}>
 */
export const frenchMessages: AresMessages = {
  one: "{n} crédit",
  many: "{n} de crédits",
  other: "{n} crédits",
  less: "moins de {n}",
  loading: "Vérification de votre compte",
  signed_out: "Connectez-vous avec ARES pour utiliser ceci.",
  not_connected: "Associez ARES pour utiliser ceci.",
  reconnect: "Votre connexion à ARES a expiré.",
  locked: "",
  locked_more: "Vous avez {balance}.",
  confirming: "Dépenser {price} ?",
  confirming_more: "{balance} maintenant, {after} ensuite.",
  charging: "Confirmation auprès d’ARES",
  unlocked: "Débloqué.",
  unlocked_more: "Dépense : {credits}.",
  insufficient: "Crédits insuffisants.",
  insufficient_more: "Ceci coûte {price}, vous avez {balance}.",
  price_changed: "Le prix est maintenant de {price}. Vous n’avez pas été débité.",
  not_charged: "Vous n’avez pas été débité.",
  unknown: "Nous n’avons pas pu confirmer le débit. Il ne sera pas envoyé une seconde fois.",
  unknown_more: "Votre solde était de {before} et il est de {after}.",
  unavailable: "Ceci n’est pas disponible pour le moment. Vous n’avez pas été débité.",
  signIn: "Se connecter avec ARES",
  connect: "Associer ARES",
  renew: "Associer ARES à nouveau",
  unlock: "Débloquer {label}",
  confirm: "Dépenser {price}",
  cancel: "Annuler",
  retry: "Réessayer",
  checkAgain: "Vérifier à nouveau",
  dismiss: "J’ai compris, recommencer",
  topUp: "Obtenir des crédits (nouvel onglet)",
};
