import { NO_TOKEN_ROTATION } from "../../contract/feature-flags";
import { isObject } from "../../contract/json";
import { USE_ROWS } from "../../contract/runner-config/uses";
import { defaultOf, settingOf, type SettingKey } from "../../contract/settings/keys";
import { isSecretKey, listSecretStrings, looksSecret } from "./find-secrets";
import type { FoundKey, Note, SortedKeys } from "./found-key";
import { fromToml, toPlain } from "./from-toml";

/** What happens to the keys of one pool. */
export interface ImportedKeys {
  /** Values by the key of a setting. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Paths of the settings whose values are secrets. */
  readonly secrets: readonly string[];
  /** Keys for `configTemplate`. */
  readonly template: readonly FoundKey[];
  readonly dropped: readonly Note[];
  readonly problems: readonly Note[];
  /** Strings that nothing may print. */
  readonly hidden: readonly string[];
}

/** Converts the keys of config.toml to settings. No result except `hidden` contains a secret. */
export function importKeys(sorted: SortedKeys): ImportedKeys {
  const values = new Map<string, unknown>();
  const secrets: string[] = [];
  const hidden: string[] = [];
  const problems = [...sorted.problems];
  for (const [setting, found] of sorted.settings) {
    if (setting === "environment") {
      const { open, names } = splitVariables(found.value, hidden);
      secrets.push(...names.map((name) => `secretEnvironment.${name}`));
      if (open.length > 0) take(setting, { ...found, value: open });
    } else if (settingOf(setting).secret === true) {
      hidden.push(...listSecretStrings(found.value));
      secrets.push(setting);
      if (!isComposite(setting)) check(setting, found);
    } else if (isSecretKey(found.key, found.value)) {
      hidden.push(...listSecretStrings(found.value));
      problems.push({
        line: found.line,
        text: `${found.key} looks like a secret, and \`${setting}\` is not kept secret: set it without the secret`,
      });
    } else if (setting === "featureFlags") {
      take(setting, { ...found, value: withoutOwnFlag(found.value) });
    } else take(setting, found);
  }
  const isHidden = ({ key, value }: FoundKey) => isSecretKey(key, value);
  hidden.push(...sorted.template.filter(isHidden).flatMap(({ value }) => listSecretStrings(value)));
  return {
    values,
    secrets,
    template: sorted.template.filter((found) => !isHidden(found)),
    dropped: [
      ...sorted.dropped,
      ...sorted.template.filter(isHidden).map(({ key, line }) => ({
        line,
        text: `${key}: it looks like a secret, and \`configTemplate\` is not kept secret`,
      })),
    ],
    problems,
    hidden,
  };

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
}

/** Whether several keys of config.toml belong to a setting, so that one key is not its value. */
function isComposite(setting: SettingKey): boolean {
  return USE_ROWS.some(({ use }) => use.kind === "besides" && use.setting === setting);
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

/**
 * Separates the variables of jobs whose values look like secrets.
 * @param hidden receives their values
 */
function splitVariables(
  value: unknown,
  hidden: string[],
): { readonly open: readonly unknown[]; readonly names: readonly string[] } {
  const entries: readonly unknown[] = Array.isArray(value) ? value.map(toPlain) : [value];
  const names: string[] = [];
  const open = entries.filter((entry) => {
    const [, name = "", text = ""] = /^([^=]*)=([\s\S]*)$/.exec(String(entry)) ?? [];
    if (!looksSecret(name, text)) return true;
    hidden.push(...listSecretStrings(text));
    names.push(name);
    return false;
  });
  return { open, names };
}
