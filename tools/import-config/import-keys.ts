import { NO_TOKEN_ROTATION } from "../../contract/feature-flags";
import { isObject } from "../../contract/json";
import { defaultOf, settingOf, type SettingKey } from "../../contract/settings/keys";
import { isSecretVariable, looksSecret } from "./find-secrets";
import type { FoundKey, Note, SortedKeys } from "./found-key";
import { fromToml } from "./from-toml";
import { joinParts } from "./join-parts";
import { cleanServices, readVariables, writeVariables } from "./variables";

/** What happens to the keys of one table. */
export interface ImportedKeys {
  /** Values by the key of a setting. None is secret. */
  readonly values: ReadonlyMap<string, unknown>;
  /** The paths of the settings that a user sets with commands, and their values if known. */
  readonly secrets: ReadonlyMap<string, unknown>;
  /** Files of the old machine whose contents are settings. */
  readonly files: ReadonlyMap<SettingKey, string>;
  /** The runner's own limit of jobs. */
  readonly limit: FoundKey | undefined;
  /** Keys for `configTemplate`. */
  readonly template: readonly FoundKey[];
  /** What differs from gitlab-runner although it is imported. */
  readonly differences: readonly Note[];
  readonly dropped: readonly Note[];
  readonly problems: readonly Note[];
}

/** Converts the keys of config.toml to settings. Only the values of `secrets` are secret. */
export function importKeys(sorted: SortedKeys): ImportedKeys {
  const { settings, files, limit, ...joined } = joinParts(sorted);
  const values = new Map<string, unknown>();
  const secrets = new Map<string, unknown>();
  const differences = [...joined.differences];
  const problems = [...sorted.problems];
  for (const [setting, found] of settings) {
    if (setting === "environment") importVariables(found);
    else if (settingOf(setting).secret === true) {
      secrets.set(setting, check(setting, found));
    } else if (setting === "docker.services") {
      const services = cleanServices(found);
      problems.push(...services.problems);
      if (services.found !== undefined) take(setting, services.found);
    } else if (looksSecret(lastPart(found.key), found.value)) {
      problems.push({
        line: found.line,
        text: `${found.key} contains what looks like a secret, and \`${setting}\` is not kept secret: set it without the secret, which jobs can get as a variable in \`secretEnvironment\``,
      });
    } else if (setting === "featureFlags") {
      take(setting, { ...found, value: withoutOwnFlag(found.value) });
    } else take(setting, found);
  }
  const isSecret = ({ key, value }: FoundKey) => looksSecret(lastPart(key), value);
  return {
    values,
    secrets,
    files,
    limit,
    template: sorted.template.filter((found) => !isSecret(found)),
    differences,
    dropped: [
      ...joined.dropped,
      ...sorted.template.filter(isSecret).map(({ key, line }) => ({
        line,
        text: `${key}: It contains what looks like a secret, and \`configTemplate\` is not kept secret.`,
      })),
    ],
    problems,
  };

  /** @returns undefined if the value is invalid */
  function check(setting: SettingKey, { key, line, value }: FoundKey): unknown {
    const imported = fromToml(setting, value);
    if ("value" in imported) return imported.value;
    problems.push({ line, text: `${key}: \`${setting}\` ${imported.problem}` });
    return undefined;
  }

  function take(setting: SettingKey, found: FoundKey): void {
    const value = check(setting, found);
    const isEmpty = isObject(value) && Object.keys(value).length === 0;
    if (value !== undefined && !isEmpty && !isDefault(setting, value)) values.set(setting, value);
  }

  /** Imports the variables of jobs. Those that look like secrets become secret variables. */
  function importVariables(found: FoundKey): void {
    const { values: all, problems: broken } = readVariables(
      found,
      "set it in `environment` yourself",
    );
    problems.push(...broken);
    const open = new Map<string, string>();
    for (const [name, value] of all) {
      if (isSecretVariable(name, value)) {
        secrets.set(`secretEnvironment.${name}`, value);
        if (value.includes("$")) differences.push(describeDollar(found, name));
      } else open.set(name, value);
    }
    if (open.size > 0) take("environment", { ...found, value: writeVariables(open) });
  }
}

function describeDollar({ key, line }: FoundKey, name: string): Note {
  return {
    line,
    text: `${key}: ${name} has a dollar sign. In \`secretEnvironment\`, write $ instead of $$, and no references such as $NAME`,
  };
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}

/** Removes the feature flag that every replica sets itself. */
function withoutOwnFlag(value: unknown): unknown {
  if (!isObject(value) || value[NO_TOKEN_ROTATION] !== true) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== NO_TOKEN_ROTATION));
}

function isDefault(setting: SettingKey, value: unknown): boolean {
  const { type } = settingOf(setting);
  const [parsed, standard] = [type.parse(value), defaultOf(setting)];
  return (
    "value" in parsed &&
    standard !== undefined &&
    type.format(parsed.value) === type.format(standard)
  );
}
