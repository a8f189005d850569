import { isPlainObject } from "../../contract/json";
import { SETTING_KEYS, type SettingKey } from "../../contract/settings/keys";
import { findNearest } from "../../contract/suggest";

/** Values as they were written, by key. */
export type RawValues = ReadonlyMap<SettingKey, unknown>;

/** Every object that a setting stands in: `docker`, and `cache` as well as `cache.s3`. */
const OBJECTS = new Set(
  SETTING_KEYS.flatMap((key) => {
    const parts = key.split(".").slice(0, -1);
    return parts.map((_part, at) => parts.slice(0, at + 1).join("."));
  }),
);

/**
 * Brings nested settings (`docker: { privileged: true }`) to flat keys (`docker.privileged`), at
 * any depth.
 * @param prefix stands before a key in problems, such as `pools.big.`
 * @param extra names that are allowed too and are handled elsewhere
 */
export function flatten(
  source: Readonly<Record<string, unknown>>,
  prefix: string,
  extra: readonly string[] = [],
): { readonly values: RawValues; readonly problems: readonly string[] } {
  const values = new Map<SettingKey, unknown>();
  const problems: string[] = [];
  const walk = (object: Readonly<Record<string, unknown>>, path: string) => {
    for (const [part, value] of Object.entries(object)) {
      const name = `${path}${part}`;
      const key = SETTING_KEYS.find((candidate) => candidate === name);
      if (value === undefined) continue;
      if (key !== undefined) {
        if (values.has(key)) problems.push(`\`${prefix}${key}\` is set twice: unset one of them`);
        values.set(key, value);
      } else if (OBJECTS.has(name)) {
        if (isPlainObject(value)) walk(value, `${name}.`);
        else problems.push(notAnObject(name, prefix));
      } else if (path !== "" || !extra.includes(name)) {
        problems.push(unknownName(name, part, prefix, extra));
      }
    }
  };
  walk(source, "");
  return { values, problems };
}

function notAnObject(name: string, prefix: string): string {
  return `\`${prefix}${name}\` must be an object, such as { ${exampleOf(name)} }`;
}

/** @param part the name as it was written inside its object */
function unknownName(name: string, part: string, prefix: string, extra: readonly string[]): string {
  const [object = ""] = part.split(/[.[]/);
  if (object !== part && [...OBJECTS, ...SETTING_KEYS, ...extra].includes(object)) {
    const command = (rest: string) => `\`pulumi config ${rest}\``;
    const [set, remove] = [
      command(`set --path ${prefix}${name} …`),
      command(`rm ${prefix}${name}`),
    ];
    return `\`${prefix}${name}\` was set as one key, not as a path: run ${remove}, then ${set}`;
  }
  const meant = findNearest(name, [...SETTING_KEYS, ...OBJECTS, ...extra]);
  const advice =
    meant === undefined ? "see docs/settings.md for all settings" : `did you mean \`${meant}\`?`;
  return `\`${prefix}${name}\` is not a setting: ${advice}`;
}

function exampleOf(name: string): string {
  const first = SETTING_KEYS.find((key) => key.startsWith(`${name}.`)) ?? "";
  return `${first.slice(name.length + 1)}: …`;
}
