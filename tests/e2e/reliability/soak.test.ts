import { describe, expect, it } from "@jest/globals";
import { formatReport } from "../../../soak/report";
import { soak } from "../../../soak/run";

const MINUTES = 3;

describe(`a soak of ${MINUTES} minutes`, () => {
  it("loses no job and leaves no stale manager", async () => {
    const lines: string[] = [];
    const report = await soak({
      executor: "shell",
      minutes: MINUTES,
      seed: 1,
      print: (line) => {
        lines.push(line);
        process.stdout.write(`${line}\n`);
      },
    });
    process.stdout.write(`${formatReport(report)}\n`);
    if (report.broken.length > 0) throw new Error([...lines, formatReport(report)].join("\n"));
    expect(report.intact).toBeGreaterThan(20);
    for (const [kind, count] of Object.entries(report.actions)) {
      expect({ kind, done: count > 0 }).toEqual({ kind, done: true });
    }
  });
});
