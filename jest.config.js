// Packages that are published as ES modules only; jest runs CommonJS, so they are transformed too.
const esmOnly = [
  "execa",
  "p-retry",
  "is-network-error",
  "@sindresorhus",
  "figures",
  "get-stream",
  "human-signals",
  "is-plain-obj",
  "is-stream",
  "is-unicode-supported",
  "npm-run-path",
  "parse-ms",
  "path-key",
  "pretty-ms",
  "strip-final-newline",
  "unicorn-magic",
  "yoctocolors",
  "@sec-ant",
];

/** @param {string} name a folder of tests/ */
const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  testEnvironment: "node",
  transform: {
    "\\.(ts|js)$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esmOnly.join("|")})/)`],
});

/** @type {import("jest").Config} */
module.exports = { projects: ["unit", "image", "e2e"].map(project) };
