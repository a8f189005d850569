import { isPlainObject } from "../../contract/json";
import { explainElsewhere } from "../../contract/likely-mistakes";
import { SETTING_KEYS, type SettingKey } from "../../contract/settings/keys";
import { findNearest } from "../../contract/suggest";

/** Values before parsing, by key. */
export type RawValues = ReadonlyMap<SettingKey, unknown>;

/** Names of all objects that contain settings: `docker`, and `cache` as well as `cache.s3`. */
const OBJECTS = new Set(
  SETTING_KEYS.flatMap((key) => {
    const parts = key.split(".").slice(0, -1);
    return parts.map((_part, index) => parts.slice(0, index + 1).join("."));
  }),
);

/**
 * Converts nested settings (`docker: { privileged: true }`) to flat keys (`docker.privileged`), at
 * any depth.
 * @param pathPrefix what a message puts before a key, such as `pools.big.`
 * @param extra additional names that are allowed and read elsewhere
 */
export function flatten(
  source: Readonly<Record<string, unknown>>,
  pathPrefix: string,
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
        if (values.has(key))
          problems.push(`\`${pathPrefix}${key}\` is set twice: unset one of them`);
        values.set(key, value);
      } else if (OBJECTS.has(name)) {
        if (isPlainObject(value)) walk(value, `${name}.`);
        else problems.push(describeNonObject(name, pathPrefix));
      } else if (path !== "" || !extra.includes(name)) {
        problems.push(describeUnknownName(name, part, pathPrefix, extra));
      }
    }
  };
  walk(source, "");
  return { values, problems };
}

function describeNonObject(name: string, pathPrefix: string): string {
  return `\`${pathPrefix}${name}\` must be an object, such as { ${buildExample(name)} }`;
}

/** @param part the last part of the name, as written inside its object */
function describeUnknownName(
  name: string,
  part: string,
  pathPrefix: string,
  extra: readonly string[],
): string {
  const [object = ""] = part.split(/[.[]/);
  if (object !== part && [...OBJECTS, ...SETTING_KEYS, ...extra].includes(object)) {
    const command = (rest: string) => `\`pulumi config ${rest}\``;
    const [set, remove] = [
      command(`set --path ${pathPrefix}${name} …`),
      command(`rm ${pathPrefix}${name}`),
    ];
    return `\`${pathPrefix}${name}\` was set as one key, not as a path: run ${remove}, then ${set}`;
  }
  const elsewhere = explainElsewhere(name);
  if (elsewhere !== undefined) return `\`${pathPrefix}${name}\` is not a setting: ${elsewhere}`;
  const meant = findNearest(name, [...SETTING_KEYS, ...OBJECTS, ...extra]);
  const hint =
    meant === undefined ? "see docs/settings.md for all settings" : `did you mean \`${meant}\`?`;
  return `\`${pathPrefix}${name}\` is not a setting: ${hint}`;
}

function buildExample(name: string): string {
  const first = SETTING_KEYS.find((key) => key.startsWith(`${name}.`)) ?? "";
  return `${first.slice(name.length + 1)}: …`;
}
