/** What a check found. */
export type Outcome =
  | { readonly kind: "passed"; readonly text: string }
  /** Nothing is broken, but the user should know. */
  | { readonly kind: "warned"; readonly text: string }
  /** Each problem says what to do. */
  | { readonly kind: "failed"; readonly problems: readonly string[] }
  /** The reason follows "skipped because". */
  | { readonly kind: "skipped"; readonly reason: string };

/** An outcome, and what later checks need. A check that finds nothing for them has no value. */
export interface Result<T> {
  readonly outcome: Outcome;
  readonly value?: T | undefined;
}

export function passed<T>(text: string, value?: T): Result<T> {
  return { outcome: { kind: "passed", text }, value };
}

export function warned<T>(text: string, value?: T): Result<T> {
  return { outcome: { kind: "warned", text }, value };
}

export function failed<T>(...problems: readonly string[]): Result<T> {
  return { outcome: { kind: "failed", problems: [...new Set(problems)] } };
}

export function skipped<T>(reason: string): Result<T> {
  return { outcome: { kind: "skipped", reason } };
}
