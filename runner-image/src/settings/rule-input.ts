import { envOf, type SettingKey, type ValueOf } from "../../../contract/settings/keys";
import type { RuleInput } from "../../../contract/settings/rules/rule";
import { showSetting } from "../../../contract/settings/rules/show";

/**
 * Presents the settings of a replica to the rules.
 * @param values by key, including defaults, without the settings of another executor
 * @param isSet whether a variable or a file sets the value
 */
export function toRuleInput(
  values: Readonly<Record<string, unknown>>,
  isSet: RuleInput["isSet"],
): RuleInput {
  return {
    // The cast is safe: each value was parsed by its key.
    value: <K extends SettingKey>(key: K) => values[key] as ValueOf<K> | undefined,
    isSet,
    isOwn: () => false,
    name: envOf,
    show: (key) => showSetting(envOf(key), key, values[key]),
  };
}
