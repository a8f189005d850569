import { toPlainLine } from "../../contract/plain-text";
import type { Outcome } from "./outcome";

/** Formats what a check found: one line, or one line for each of several problems. */
export function formatLine(name: string, outcome: Outcome): string {
  switch (outcome.kind) {
    case "passed":
      return `✓ ${name}: ${toPlainLine(outcome.text)}`;
    case "warned":
      return `! ${name}: ${toPlainLine(outcome.text)}`;
    case "skipped":
      return `- ${name}: skipped because ${toPlainLine(outcome.reason)}`;
    case "failed": {
      const [first = "", ...others] = outcome.problems.map(toPlainLine);
      if (others.length === 0) return `✗ ${name}: ${first}`;
      const list = [first, ...others].map((problem) => `\n    ${problem}`).join("");
      return `✗ ${name}: ${others.length + 1} problems${list}`;
    }
  }
}
