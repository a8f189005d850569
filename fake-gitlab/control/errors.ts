/** A control that cannot be executed: an unknown ID, or an invalid parameter. */
export class ControlError extends Error {
  override readonly name = "ControlError";
}

/**
 * Returns the object if it exists.
 * @throws {ControlError} if it does not exist
 */
export function known<T>(thing: T | undefined, what: string, id: number | string): T {
  if (thing === undefined) throw new ControlError(`there is no ${what} ${id}`);
  return thing;
}
