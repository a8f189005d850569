import jest from "./jest.config.js";

/** Only the unit tests: the others are too slow to run once for each mutant. */
const [unit] = jest.projects;

export default {
  testRunner: "jest",
  coverageAnalysis: "perTest",
  jest: { config: { ...unit, testTimeout: 60_000 }, enableFindRelatedTests: true },
  ignorePatterns: ["/.local", "/.cache", "/bench"],
  tempDirName: ".cache/stryker",
  concurrency: 2,
  // Long enough that a slow test on a busy machine does not count as an endless one.
  timeoutMS: 30_000,
  reporters: ["clear-text"],
  clearTextReporter: { logTests: false, reportTests: false, reportScoreTable: true },
  thresholds: { break: 90 },
};
