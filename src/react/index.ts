export { AresErrorNotice, type AresErrorNoticeProps } from "./components/AresErrorNotice";
export { AresRefresh, type AresRefreshProps } from "./components/AresRefresh";
export { ChargeHistory, type ChargeHistoryProps } from "./components/ChargeHistory";
export { ChargeReceipt, type ChargeReceiptProps } from "./components/ChargeReceipt";
export { ConnectAres, type ConnectAresProps } from "./components/ConnectAres";
export { CreditBalance, type CreditBalanceProps } from "./components/CreditBalance";
export {
  InsufficientCredits,
  type InsufficientCreditsProps,
} from "./components/InsufficientCredits";
export { LowBalance, type LowBalanceProps } from "./components/LowBalance";
export { UnknownCharge, type UnknownChargeProps } from "./components/UnknownCharge";
export {
  AresGate,
  type AresGateOwnProps,
  type AresGatePart,
  type AresGateProps,
  type AresGateSlots,
} from "./gate/AresGate";
export {
  AresGateActions,
  type AresGateActionsPart,
  type AresGateActionsProps,
} from "./gate/AresGateActions";
export { AresGateStatus, type AresGateStatusProps } from "./gate/AresGateStatus";
export type { AresButtonProps, AresLinkProps, RenderButton, RenderLink } from "./gate/parts/looks";
export type { AresGateState } from "./gate/state/gateState";
export { UnlockButton, type UnlockButtonProps } from "./gate/UnlockButton";
export { type UseAresFetchResult, useAresFetch } from "./gate/useAresFetch";
export { type UseAresGateOptions, useAresGate } from "./gate/useAresGate";
export type { ActionArgument } from "./hooks/callText";
export type { ChargeVariables, UsageActions } from "./hooks/usageCalls";
export {
  type AresActionActions,
  type AresActionState,
  type UseAresActionOptions,
  type UseAresActionResult,
  useAresAction,
} from "./hooks/useAresAction";
export { type UseAresChargesResult, useAresCharges } from "./hooks/useAresCharges";
export {
  type UseAresPriceOptions,
  type UseAresPriceResult,
  useAresPrice,
} from "./hooks/useAresPrice";
export {
  type UseAresUsageOptions,
  type UseAresUsageResult,
  useAresUsage,
} from "./hooks/useAresUsage";
export { type UseAresUserOptions, useAresUser } from "./hooks/useAresUser";
export {
  type AresComponentMessages,
  type AresMessages,
  englishComponentMessages,
  englishMessages,
} from "./messages/en";
export { formatCredits } from "./messages/format";
export { AresProvider, type AresProviderProps } from "./provider/AresProvider";
export type { AresConnection, AresSession } from "./provider/context";
export type { OutcomeListeners } from "./provider/outcome";
export type { Register, Usage, UsageAndInput, UsageInput } from "./provider/register";
export type { AresUserState, UseAresUserResult } from "./provider/userStore";
