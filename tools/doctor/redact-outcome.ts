import { redactForms } from "../../contract/looks-like-secret";
import { toPlainLine } from "../../contract/plain-text";
import { redactSecrets } from "../../contract/redact";
import type { Outcome } from "./outcome";

/** Redacts secrets in an outcome, before its text is joined into one line. */
export function redactOutcome(outcome: Outcome, secrets: readonly string[]): Outcome {
  // An error may repeat a secret as it is, or already as one line.
  const all = [...secrets, ...secrets.map(toPlainLine)];
  const clean = (text: string) => redactForms(redactSecrets(text, all));
  switch (outcome.kind) {
    case "passed":
    case "warned":
      return { ...outcome, text: clean(outcome.text) };
    case "skipped":
      return { ...outcome, reason: clean(outcome.reason) };
    case "failed":
      return { ...outcome, problems: outcome.problems.map(clean) };
  }
}
