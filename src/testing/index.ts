export { type AresSimulator, type AresSimulatorOptions, createAresSimulator } from "./createAresSimulator";
export type { RandomFaults } from "./faultPlan";
export { type FaultAnswer, type FaultName, type FaultOptions, faultNames } from "./faults";
export type { KnobSettings, Knobs } from "./knobs";
export { dropHeader } from "./network";
export type { LoggedRequest, RequestLog } from "./requestLog";
export type { BookedCharge, SimulatedUser } from "./wallets";
