import { envOf, fileEnvOf, SETTING_KEYS } from "../../contract/settings/keys";

const KEY_BY_VARIABLE: ReadonlyMap<string, string> = new Map(
  SETTING_KEYS.flatMap((key) => [
    [envOf(key), key],
    [fileEnvOf(key), key],
  ]),
);

/**
 * Replaces the variables in a replica's message by the settings that the user wrote:
 * RUNNER_CONFIG_TEMPLATE by `configTemplate`.
 */
export function nameSettings(message: string): string {
  return message.replace(/\bRUNNER_[A-Z0-9_]+\b/g, (variable) => {
    const key = KEY_BY_VARIABLE.get(variable);
    return key === undefined ? variable : `\`${key}\``;
  });
}
