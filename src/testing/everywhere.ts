// What the door has on every runtime. The rest of it depends on where msw and React's hooks come from.
export type { LedgerRule, LedgerRuleTools } from "./ledgerRules/desk";
export { ledgerRules } from "./ledgerRules/ledgerRules";
export { ledgerUseRules } from "./ledgerRules/uses";
export type { AresTestProviderProps } from "./server/AresTestProvider";
export {
  type BegunCharge,
  createTestServer,
  type TestServer,
  type TestServerOptions,
  testPrices,
} from "./server/createTestServer";
export { type GuideRouteOptions, guideRoute } from "./server/guideRoute";
export type { AresHandlersOptions } from "./server/mswHandlers";
export {
  type Pretend,
  type PretendConnected,
  type PretendConnectOptions,
  type PretendOptions,
  pretend,
} from "./server/pretend";
export type { PretendConnect } from "./server/pretendConnection";
export {
  type SimulatedAccount,
  type SimulatedAuthOptions,
  simulatedAuth,
} from "./server/simulatedAuth";
export type { AresSimulator, AresSimulatorOptions } from "./simulator/AresSimulator";
export { createAresSimulator } from "./simulator/createAresSimulator";
export type { RandomFaults } from "./simulator/faultPlan";
export {
  type FaultAnswer,
  type FaultName,
  type FaultOptions,
  faultNames,
} from "./simulator/faults";
export type { KnobSettings, Knobs } from "./simulator/knobs";
export { dropHeader } from "./simulator/network";
export type { LoggedRequest, RequestLog } from "./simulator/requestLog";
export type { BookedCharge, SimulatedUser } from "./simulator/wallets";
