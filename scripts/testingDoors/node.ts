/** `ares-react/testing` under Node, where msw is looked for when handlers are made. */
export * from "../../src/testing/everywhere";
export { AresTestProvider } from "../../src/testing/server/AresTestProvider";
export { aresHandlers } from "../../src/testing/server/aresHandlers.onNode";
