/** A control that cannot be carried out: an unknown number, a wrong parameter. */
export class ControlError extends Error {
  override readonly name = "ControlError";
}

/** Gives the thing back, or says that there is none. @throws {ControlError} */
export function known<T>(thing: T | undefined, what: string, id: number | string): T {
  if (thing === undefined) throw new ControlError(`there is no ${what} ${id}`);
  return thing;
}
