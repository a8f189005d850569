/** Milliseconds that a test may take if it does not say otherwise; a first `pulumi up` builds and pushes an image. */
const timeouts = { unit: 10_000, image: 60_000, e2e: 300_000 };

/** @param {keyof timeouts} name a folder of tests/ */
const project = (name) => ({
  displayName: name,
  testTimeout: timeouts[name],
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
module.exports = { projects: Object.keys(timeouts).map(project) };
