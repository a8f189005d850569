import type { ParsedSettings } from "./parsed-settings";

/** Where the user of a stack set the arguments of a pool. */
export interface ArgumentNames extends Pick<ParsedSettings, "pathPrefix" | "origins"> {
  /** Warnings about the pool from which this one inherits settings. */
  readonly known?: ReadonlySet<string> | undefined;
}

/** A symbol, so that it is not an argument that a program could set by mistake. */
const NAMES = Symbol("names of a pool's arguments");

/**
 * Attaches to arguments where the user set them: in stack config, in an environment variable, or
 * for the pool that this pool inherits from. Messages of the component then use these names.
 */
export function nameArguments<A extends object>(args: A, names: ArgumentNames): A {
  return { ...args, [NAMES]: names };
}

/** Returns what {@link nameArguments} attached. Undefined if a program passed the arguments. */
export function getArgumentNames(
  args: object & { readonly [NAMES]?: ArgumentNames },
): ArgumentNames | undefined {
  return args[NAMES];
}
