/** @param {string} name a folder of tests/ */
const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  testEnvironment: "node",
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
module.exports = { projects: ["unit", "image", "e2e"].map(project) };
