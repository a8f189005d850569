/** The result of parsing a value: the parsed value, or the rule that it violates. */
export type Parsed<T> = { readonly value: T } | Problem;

/** Why a value is invalid. */
export interface Problem {
  /** The rule that the value violates: "must be …". */
  readonly problem: string;
  /** The invalid entries of an object. The problem names them all. @default unknown */
  readonly entries?: readonly EntryProblem[];
}

/** Why an entry of an object is invalid. */
export interface EntryProblem {
  readonly name: string;
  /** The rule that the entry violates. It names the entry, and shows a value that is not secret. */
  readonly problem: string;
  /** The name is invalid, so no value can be right. */
  readonly isNameInvalid?: boolean;
}

/** A value in config.toml. */
export type TomlValue =
  string | number | boolean | Date | readonly TomlValue[] | { readonly [key: string]: TomlValue };

/**
 * How a kind of value is parsed, formatted and described.
 * @typeParam T the parsed value
 * @typeParam W the value in a component's arguments. A parsed value is also accepted.
 */
export interface SettingType<T, W = T> {
  /** The name in the documentation, such as "duration". */
  readonly label: string;
  /** The value is a list, so a diff shows which entries were added and removed. */
  readonly isList?: true;
  /** Messages do not show the value, because it may be long or contain a secret by mistake. */
  readonly isHidden?: true;
  /**
   * The value is public, although messages do not show it. A stack may store it as a secret, for
   * example because a script does so with everything.
   */
  readonly mayBeSecret?: true;
  /** Surrounding whitespace is part of the value. */
  readonly keepsWhitespace?: true;
  /**
   * In stack config and in code, `@PATH` stands for the content of a file. The program reads it.
   */
  readonly namesFile?: {
    readonly maxBytes: number;
    /** What to do if the file is not text. @default nothing is known */
    readonly conversion?: string;
  };
  /**
   * Parses a string from the environment, a string or JSON from stack config, or a value from code.
   * A parsed value can be parsed again, with `fromCode` if the type has it, and does not change.
   */
  parse(written: unknown): Parsed<T>;
  /**
   * Parses a value that is allowed only in code, such as a number of seconds: in stack config, its
   * meaning would be unclear. Returns undefined for other values, which `parse` then parses.
   * @default `parse` parses all values
   */
  fromCode?(value: unknown): Parsed<T> | undefined;
  /** Formats a value as a string that `parse` parses to the same value. */
  format(value: T): string;
  /** Converts a value for config.toml. @default the value itself */
  toToml?(value: T): TomlValue;
  /**
   * Further keys in config.toml that the value sets, beside the setting's own key. Classify them as
   * `besides` in contract/runner-config/uses/.
   */
  toTomlBeside?(value: T): Readonly<Record<string, TomlValue>>;
  /**
   * Whether a value is secret, for a setting of which only some values are. It gets the formatted
   * value, or an invalid one as the user wrote it. @default the row says whether all values are
   */
  isSecret?(text: string): boolean;
  /**
   * Whether a message may show an invalid value, as the user wrote it, of a setting that is not
   * secret. @default every value
   */
  isShown?(text: string): boolean;
  /** The strings in a secret value that no log may show. @default all strings in it */
  secretParts?(value: T): readonly string[];
  /** Never set. It only declares the type of a component's argument. */
  readonly writtenAs?: W;
}

/** Parses an argument of a component. */
export function parseArgument<T>(type: SettingType<T>, value: unknown): Parsed<T> {
  return type.fromCode?.(value) ?? type.parse(value);
}

/** Returns the rule that a value violates; undefined if it is valid. */
export function getProblem<T>(parsed: Parsed<T>): string | undefined {
  return "problem" in parsed ? parsed.problem : undefined;
}

/** Continues with a parsed value. A problem is returned unchanged. */
export function andThen<A, B>(parsed: Parsed<A>, next: (value: A) => Parsed<B>): Parsed<B> {
  return "problem" in parsed ? parsed : next(parsed.value);
}
