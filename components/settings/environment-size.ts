import {
  isSecretValue,
  REPLICA_KEYS,
  settingOf,
  type SettingKey,
} from "../../contract/settings/keys";
import { SETTINGS_ENV } from "../../contract/replica-env";
import { getValue, type ParsedSettings } from "./parsed-settings";
import { describeSource } from "./problems";

/**
 * Linux's limit for one variable in the environment of a process (MAX_ARG_STRLEN), including its
 * name and the terminating byte.
 */
const MAX_VARIABLE_BYTES = 128 * 1024;

/** Room for quotes, the names of variables, and the variables that are not settings. */
const RESERVED_BYTES = 4 * 1024;

/** How many settings a message names. */
const MAX_NAMED_SETTINGS = 3;

/** Checks that the settings of a replica fit into the one variable that holds all of them. */
export function checkEnvironmentSize(parsed: ParsedSettings): readonly string[] {
  const sizes = REPLICA_KEYS.map((key) => ({ key, bytes: measureSetting(parsed, key) }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, RESERVED_BYTES);
  if (total <= MAX_VARIABLE_BYTES) return [];
  const largest = sizes
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, MAX_NAMED_SETTINGS)
    .filter(({ bytes }) => bytes > RESERVED_BYTES)
    .map(({ key, bytes }) => {
      const origin = parsed.origins.get(key);
      const name = origin === undefined ? `\`${key}\`` : describeSource(key, origin);
      return `${name} (${bytes} bytes)`;
    });
  return [
    `${largest.join(" and ")} must be shorter: a replica's settings take up ${total} bytes in ${SETTINGS_ENV}, and Linux allows ${MAX_VARIABLE_BYTES} bytes for one variable`,
  ];
}

/**
 * Measures a setting in bytes. The variable holds JSON, so a value has JSON's quotes and escapes. A
 * secret is in a file.
 */
function measureSetting(parsed: ParsedSettings, key: SettingKey): number {
  const { type } = settingOf(key);
  const value = getValue(parsed, key);
  if (value === undefined || isSecretValue(key, value)) return 0;
  return Buffer.byteLength(JSON.stringify(type.format(value)));
}
