/** @param {string} name a folder of tests/ */
const project = (name) => ({
  displayName: name,
  // Nothing to look for in .local/ and node_modules/.
  roots: ["<rootDir>/tests"],
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  testEnvironment: "node",
  setupFiles: ["<rootDir>/tests/support/suppressed-error.js"],
  transform: {
    "(?:\\.ts|/node_modules/cookie/.+\\.js)$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // Published as an ES module only; Fastify's inject needs it, and jest runs CommonJS.
  transformIgnorePatterns: ["/node_modules/(?!cookie/)"],
});

/** @type {import("jest").Config} */
module.exports = {
  // Milliseconds that a test may take; jest knows no time of a project, and `npm test` gives each level one of its own.
  testTimeout: 420_000,
  projects: ["unit", "image", "e2e"].map(project),
};
