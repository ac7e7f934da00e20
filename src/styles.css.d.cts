// An app imports the stylesheet for its effect. Without this file, tsc knows no such module outside of a bundler's types.
// As a CommonJS file, a CommonJS app may import the stylesheet too.
export {};
