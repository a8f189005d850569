import { checkedList, list } from "../../lists";
import { andThen, type SettingType, type TomlValue } from "../type";

/** A list of different words of the given ones, with at least one. Their order matters. */
export function choices<const T extends string>(
  words: readonly T[],
): SettingType<readonly T[], T | readonly T[]> {
  const names = words.join(", ");
  const rule = `must be one or more of ${names}`;
  const type = checkedList((entries) => {
    if (entries.length === 0) return rule;
    return entries.every((entry) => words.some((word) => word === entry)) ? undefined : rule;
  });
  return {
    label: `list of ${words.map((word) => `\`${word}\``).join(", ")}`,
    parse: (written) =>
      andThen(type.parse(written), (entries) => ({
        value: entries.flatMap((entry) => words.filter((word) => word === entry)),
      })),
    format: (value) => list.format(value),
    toToml: (value): TomlValue => [...value],
  };
}
