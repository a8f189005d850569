/**
 * Runs the program without a build step and without the TypeScript compiler: ts-node, which Pulumi would use, takes
 * several times as long. Types are checked by `npm run check`.
 */
const { buildSync } = require("esbuild");

process.setSourceMapsEnabled(true);

require.extensions[".ts"] = (module, filename) => {
  const { outputFiles } = buildSync({
    entryPoints: [filename],
    bundle: true,
    external: ["@pulumi/*", "esbuild"],
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "silent",
    write: false,
  });
  module._compile(outputFiles[0].text, filename);
};

module.exports = require("./index.ts");
