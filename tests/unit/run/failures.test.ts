import { describe, expect, it } from "@jest/globals";
import { formatFailures, readFailures } from "../../run/failures";

const passed = { status: "passed", fullName: "a pool goes up", failureMessages: [] };
const failed = {
  status: "failed",
  fullName: "a pool goes down",
  failureMessages: [
    "\u001b[31mexpected 0\u001b[39m\n\n    at run (a.ts:1:2)",
    "and then\n  1 more",
  ],
};
const file = (status: string, assertionResults: unknown[], message = "") => ({
  name: "/project/tests/e2e/pool.test.ts",
  status,
  message,
  assertionResults,
});

describe("formatFailures", () => {
  it("lists each failed test with its message and without a stack", () => {
    const report = { testResults: [file("failed", [passed, failed])] };
    expect(formatFailures(readFailures(report, "/project"))).toEqual([
      "",
      "✗ tests/e2e/pool.test.ts: a pool goes down",
      "    expected 0",
      "    and then",
      "      1 more",
    ]);
  });

  it("lists a test file that cannot run", () => {
    const report = { testResults: [file("failed", [], "Cannot find module './x'")] };
    expect(formatFailures(readFailures(report, "/project"))).toEqual([
      "",
      "✗ tests/e2e/pool.test.ts",
      "    Cannot find module './x'",
    ]);
  });

  it("prints nothing when every test passed", () => {
    const report = { testResults: [file("passed", [passed])] };
    expect(formatFailures(readFailures(report, "/project"))).toEqual([]);
  });

  it("shortens the middle of a long message", () => {
    const message = Array.from({ length: 50 }, (_, n) => `line ${n + 1}`).join("\n");
    const lines = formatFailures([{ name: "x", message }]);
    expect(lines.slice(6, 11)).toEqual([
      "    line 5",
      "    line 6",
      "    […]",
      "    line 37",
      "    line 38",
    ]);
    expect(lines.at(-1)).toBe("    line 50");
  });
});
