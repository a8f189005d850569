import type { ParsedSettings } from "../components/settings/parsed-settings";
import { isSecretValue, SETTING_KEYS, type SettingKey } from "../contract/settings/keys";

/** Which values in stack config are encrypted. */
interface SecretConfig {
  /** Keys that are secrets, or objects with a secret in them. @default not known */
  readonly secretKeys?: readonly string[];
}

/**
 * Warns of secret settings that Pulumi.STACK.yaml contains in readable form. In an object with an
 * encrypted value, no setting is reported: Pulumi tells a program only that there is one.
 */
export function findPlainSecrets(
  { secretKeys }: SecretConfig,
  pools: readonly ParsedSettings[],
): readonly string[] {
  if (secretKeys === undefined) return [];
  const warnings = pools.flatMap(({ origins, values }) =>
    SETTING_KEYS.filter((key) => isSecretValue(key, values[key])).flatMap((key) => {
      const { path, source, file } = origins.get(key) ?? {};
      const isPlain = path !== undefined && !secretKeys.includes(path.split(".")[0] ?? "");
      // The config contains only the name of a file.
      return isPlain && source === "config" && file === undefined ? [describePlain(key, path)] : [];
    }),
  );
  return [...new Set(warnings)];
}

function describePlain(key: SettingKey, path: string): string {
  const entry = key === "secretEnvironment" ? `${path}.NAME` : path;
  const flags = entry.includes(".") ? "--secret --path" : "--secret";
  return `\`${path}\` is a secret, but the stack config contains it in readable form: encrypt it with \`pulumi config set ${flags} ${entry} …\`.`;
}
