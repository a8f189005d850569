/**
 * Explains why the local platform cannot continue and what you can do. Shown without a stack trace.
 */
export class ExpectedError extends Error {
  override readonly name = "ExpectedError";
}
