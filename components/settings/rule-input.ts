import { appliesTo, type SettingKey } from "../../contract/settings/keys";
import type { RuleInput } from "../../contract/settings/rules/rule";
import { showSetting } from "../../contract/settings/rules/show";
import { getValue, type ParsedSettings } from "./parsed-settings";
import { describeSource } from "./problems";

/**
 * Presents the settings of a pool to the rules. An output, and a setting of another executor, has
 * no value.
 */
export function toRuleInput(parsed: ParsedSettings): RuleInput {
  const executor = getValue(parsed, "executor");
  const value: RuleInput["value"] = (key) =>
    parsed.outputs.has(key) || !appliesTo(executor, key) ? undefined : getValue(parsed, key);
  const name = (key: SettingKey) => {
    const path = `${parsed.pathPrefix}${key}`;
    return describeSource(key, parsed.origins.get(key) ?? { path, source: "config" });
  };
  return {
    value,
    isSet: (key) => parsed.origins.has(key),
    isOwn: (key) => parsed.origins.get(key)?.path.startsWith(parsed.pathPrefix) === true,
    name,
    show: (key) => showSetting(name(key), key, value(key)),
  };
}
