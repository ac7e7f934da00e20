/**
 * Gives React 18 to whoever requires React. Vite's aliases reach what Vite loads; react-dom and Testing Library are
 * CommonJS, are loaded by Node itself, and would bring React 19 in beside it.
 */
const Module = require("node:module");

const resolve = Module._resolveFilename;
Module._resolveFilename = function (specifier, ...rest) {
  return resolve.call(this, specifier.replace(/^(react|react-dom)(?=\/|$)/, "$1-18"), ...rest);
};
