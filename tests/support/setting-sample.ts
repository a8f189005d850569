import { settingOf, type SettingKey } from "../../contract/settings/keys";
import { exampleText } from "./argument-docs";

/**
 * Returns the parsed value of the example in the comment of an argument. It differs from the
 * default.
 */
export function sampleOf(key: SettingKey): unknown {
  const parsed = settingOf(key).type.parse(exampleText(key));
  if ("problem" in parsed) throw new Error(`the example of ${key} ${parsed.problem}`);
  return parsed.value;
}
