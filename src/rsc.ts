export { AresServerGate, type AresServerGateProps } from "./rsc/index";
