/**
 * Runs the program without a build step and without the TypeScript compiler. Pulumi would use
 * ts-node, which takes several times as long. `npm run check` checks the types.
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
