/** What reading a value gave: the value, or what is allowed in its place ("must be …"). */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

/** A value as config.toml holds it. */
export type TomlValue =
  string | number | boolean | Date | readonly TomlValue[] | { readonly [key: string]: TomlValue };

/**
 * How a kind of value is read, written and described.
 * @typeParam T the value as the program works with it
 * @typeParam W the value as code writes it in a component's arguments; it always takes a T too
 */
export interface SettingType<T, W = T> {
  /** What the documentation calls it, such as "duration". */
  readonly label: string;
  /** Its value is a list, so a diff tells which entries came and went. */
  readonly isList?: true;
  /** Blanks at the ends of its text belong to the value. */
  readonly keepsWhitespace?: true;
  /**
   * Reads a value: text from the environment, text or JSON from stack config, or a value from code.
   * Reading a value that was read before gives the same value, with `fromCode` where there is one.
   */
  parse(written: unknown): Parsed<T>;
  /**
   * Reads a value of code that `parse` does not take, since elsewhere nobody could tell what it
   * means, such as a number of seconds; undefined for any other. @default `parse` reads every value
   * of code
   */
  fromCode?(value: unknown): Parsed<T> | undefined;
  /** Writes a value as text that `parse` reads as the same value. */
  format(value: T): string;
  /** The value as config.toml holds it. @default the value itself */
  toToml?(value: T): TomlValue;
  /** Never set. It carries the type of a component's argument. */
  readonly writtenAs?: W;
}

/** Reads an argument of a component. */
export function parseArgument<T>(type: SettingType<T>, value: unknown): Parsed<T> {
  return type.fromCode?.(value) ?? type.parse(value);
}

/** The problem of a value that was not read; undefined if it was. */
export function getProblem<T>(parsed: Parsed<T>): string | undefined {
  return "problem" in parsed ? parsed.problem : undefined;
}

/** Goes on with a value that was read; a problem stays as it is. */
export function andThen<A, B>(parsed: Parsed<A>, next: (value: A) => Parsed<B>): Parsed<B> {
  return "problem" in parsed ? parsed : next(parsed.value);
}
