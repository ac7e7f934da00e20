export * from "./everywhere";
export { AresTestProvider } from "./server/AresTestProvider";
export { aresHandlers } from "./server/aresHandlers";
