/** @param {string} name the name of a folder in tests/ */
const project = (name) => ({
  displayName: name,
  // Keeps jest from searching .local/ and node_modules/.
  roots: ["<rootDir>/tests"],
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  testEnvironment: "node",
  setupFiles: ["<rootDir>/tests/support/suppressed-error.js"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
});

/** @type {import("jest").Config} */
module.exports = {
  // Milliseconds per test. jest ignores a timeout in a project, so `npm test` passes the timeout of
  // each project.
  testTimeout: 420_000,
  projects: ["unit", "image", "e2e"].map(project),
};
