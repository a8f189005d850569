import { isPlainObject } from "../contract/json";
import { SETTING_KEYS, type SettingKey } from "../contract/settings/keys";

/** The settings of a pool, with those that it must not inherit apart. */
interface Taken {
  readonly rest: Readonly<Record<string, unknown>>;
  readonly nulls: readonly SettingKey[];
}

/**
 * Takes the nulls out of a pool's settings. A null in place of an object such as `cache` stands for
 * all settings in it.
 * @param path of the object, such as `docker.`
 */
export function takeNulls(object: Readonly<Record<string, unknown>>, path = ""): Taken {
  const rest: Record<string, unknown> = {};
  const nulls: SettingKey[] = [];
  for (const [part, value] of Object.entries(object)) {
    const name = `${path}${part}`;
    const keys = SETTING_KEYS.filter((key) => key === name || key.startsWith(`${name}.`));
    const isNested = keys.length > 0 && !keys.some((key) => key === name);
    if (isNull(value) && keys.length > 0) nulls.push(...keys);
    else if (isNested && isPlainObject(value)) {
      const inside = takeNulls(value, `${name}.`);
      rest[part] = inside.rest;
      nulls.push(...inside.nulls);
    } else rest[part] = value;
  }
  return { rest, nulls };
}

/** `pulumi config set --path` cannot set null: it stores the text. */
function isNull(value: unknown): boolean {
  return value === null || value === "null";
}
