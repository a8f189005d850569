// swc's code for `await using` throws this where a test and then its clean-up fail, and does not
// define it: the reason why the test failed would be lost.
globalThis._SuppressedError ??= class SuppressedError extends Error {
  constructor(error, suppressed) {
    super(`${textOf(suppressed)}\n\nand then in the clean-up: ${textOf(error)}`, {
      cause: suppressed,
    });
  }
};

function textOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
