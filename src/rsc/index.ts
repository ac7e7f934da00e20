export { AresServerGate, type AresServerGateProps } from "./AresServerGate";
