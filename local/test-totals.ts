import * as z from "zod/mini";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

export const NOTHING: Totals = { passed: 0, failed: 0 };

/** Reads jest's JSON report. A file that cannot be run holds an unknown number of tests; it counts as one failed. */
export const totalsSchema = z.pipe(
  z.object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numRuntimeErrorTestSuites: z.number(),
  }),
  z.transform(({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites }): Totals => ({
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
  })),
);

export function sumTotals(a: Totals, b: Totals): Totals {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

/** The last line of a test run. */
export function formatTotals({ passed, failed }: Totals): string {
  return `${passed} passed, ${failed} failed`;
}

/** A run is good if something passed and nothing failed. */
export function isGood({ passed, failed }: Totals): boolean {
  return passed > 0 && failed === 0;
}
