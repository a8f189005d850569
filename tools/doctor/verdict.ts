import { failed, passed, skipped, warned, type Result } from "./outcome";

/** What is known about one of several things that a check covers. */
export interface Verdict {
  readonly kind: "passed" | "warned" | "failed" | "skipped";
  readonly text: string;
}

/** Combines verdicts. The worst decides, and the others are named with it unless one failed. */
export function combineVerdicts(verdicts: readonly Verdict[]): Result<undefined> {
  const textsOf = (kind: Verdict["kind"]) =>
    verdicts.filter((one) => one.kind === kind).map(({ text }) => text);
  if (textsOf("failed").length > 0) return failed(...textsOf("failed"));
  const all = verdicts.map(({ text }) => text).join("; ");
  if (textsOf("warned").length > 0) return warned(all);
  return textsOf("skipped").length === verdicts.length ? skipped(all) : passed(all);
}
