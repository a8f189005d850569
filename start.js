/**
 * Runs the program without a build step and without the TypeScript compiler: ts-node, which Pulumi
 * would use, takes several times as long. Types are checked by `npm run check`.
 */
const { relative } = require("node:path");
const { bundle } = require("./stack/bundle");

require.extensions[".ts"] = (module, filename) => {
  const text = bundle({
    root: __dirname,
    source: relative(__dirname, filename),
    options: { external: ["@pulumi/*", "esbuild"] },
  });
  module._compile(text, filename);
};

module.exports = require("./index.ts");
