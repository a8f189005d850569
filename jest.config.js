/** @param {string} name a folder of tests/ */
const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  testEnvironment: "node",
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
});

/** @type {import("jest").Config} */
module.exports = { projects: ["unit", "image", "e2e"].map(project) };
