import { stringify } from "yaml";
import { SETTING_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";

/**
 * The settings that Pulumi.yaml declares. Pulumi requires a value for a declared key without a
 * default. Settings without a default are therefore not declared. Neither are settings for which
 * any value counts as set, nor those inside an object.
 */
export function pulumiConfig(): string {
  const declared = SETTING_KEYS.filter(isDeclared).map((key) => {
    const { default: value, description } = settingOf(key);
    // Pulumi would reject a wrong number itself, before the program can report all problems.
    return [key, { type: "string", default: String(value), description }] as const;
  });
  return stringify({ config: Object.fromEntries(declared) }, { lineWidth: 0 });
}

function isDeclared(key: SettingKey): boolean {
  const { default: value, newRunnerOnly, anyValueCounts } = settingOf(key);
  if (newRunnerOnly !== undefined || anyValueCounts === true) return false;
  return value !== undefined && !key.includes(".");
}
