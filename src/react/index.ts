export { AresGate, type AresGateProps, type AresGateSlots } from "./AresGate";
export { AresProvider, type AresProviderProps } from "./AresProvider";
export type { AresConnection, AresSession } from "./context";
export type { AresGateState } from "./gateState";
export { type AresMessages, englishMessages } from "./messages";
export type { Register, Usage } from "./register";
export { type UseAresGateOptions, useAresGate } from "./useAresGate";
export { type UseAresUsageOptions, type UseAresUsageResult, useAresUsage } from "./useAresUsage";
export { type AresUserState, type UseAresUserResult, useAresUser } from "./useAresUser";
