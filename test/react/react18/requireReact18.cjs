/**
 * Gives React 18 to every CommonJS module. Vite's aliases reach only the modules that Vite loads. Node itself loads
 * react-dom and Testing Library, and without this file they would load React 19.
 */
const Module = require("node:module");

const resolve = Module._resolveFilename;
Module._resolveFilename = function (specifier, ...rest) {
  return resolve.call(this, specifier.replace(/^(react|react-dom)(?=\/|$)/, "$1-18"), ...rest);
};
