/** `ares-react/testing` in an app's server code, which is bundled without React's hooks and without msw. */
export * from "../../src/testing/everywhere";
export { AresTestProvider } from "../../src/testing/server/AresTestProvider.bare";
export { aresHandlers } from "../../src/testing/server/aresHandlers.bare";
