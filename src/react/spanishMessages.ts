import type { AresMessages } from "./messages";

/**
 * Every text of the kit in Spanish, for the provider's `messages`. Give the provider the `locale` too, for figures and plurals.
 *
 * @example
 * import { spanishMessages } from "ares-react/messages/es";
 * <AresProvider endpoint="/api/ares" locale="es" messages={spanishMessages}>
 */
export const spanishMessages: AresMessages = {
  one: "{n} crédito",
  many: "{n} de créditos",
  other: "{n} créditos",
  less: "menos de {n}",
  loading: "Comprobando tu cuenta",
  signed_out: "Inicia sesión con ARES para usar esto.",
  not_connected: "Conecta ARES para usar esto.",
  reconnect: "Tu conexión con ARES ha caducado.",
  locked: "",
  locked_more: "Tienes {balance}.",
  confirming: "¿Gastar {price}?",
  confirming_more: "{balance} ahora, {after} después.",
  charging: "Confirmando con ARES",
  unlocked: "Desbloqueado.",
  unlocked_more: "Gasto: {credits}.",
  insufficient: "No tienes suficientes créditos.",
  insufficient_more: "Esto cuesta {price} y tienes {balance}.",
  price_changed: "El precio es ahora de {price}. No se te ha cobrado nada.",
  not_charged: "No se te ha cobrado nada.",
  unknown: "No hemos podido confirmar el cobro. No se enviará otra vez.",
  unknown_more: "Tu saldo era de {before} y ahora es de {after}.",
  unavailable: "Esto no está disponible ahora. No se te ha cobrado nada.",
  signIn: "Iniciar sesión con ARES",
  connect: "Conectar ARES",
  renew: "Volver a conectar ARES",
  unlock: "Desbloquear {label}",
  confirm: "Gastar {price}",
  cancel: "Cancelar",
  retry: "Reintentar",
  checkAgain: "Comprobar de nuevo",
  dismiss: "Entendido, empezar de nuevo",
  topUp: "Conseguir créditos (se abre en otra pestaña)",
};
