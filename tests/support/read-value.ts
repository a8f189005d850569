import type { SettingType } from "../../contract/settings/type";

/**
 * Parses a value with a setting type.
 * @throws Error with the problem if the type rejects it
 */
export function readValue<T>(type: SettingType<T>, written: unknown): T {
  const parsed = type.parse(written);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.value;
}

/** Returns a setting type's problem with a value; undefined if it accepts the value. */
export function problemOf(type: SettingType<unknown>, written: unknown): string | undefined {
  const parsed = type.parse(written);
  return "problem" in parsed ? parsed.problem : undefined;
}
