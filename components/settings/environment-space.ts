import { REPLICA_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";
import { SETTINGS_ENV } from "../../contract/replica-env";
import { valueOf, type Draft } from "./draft";
import { placeOf } from "./problems";

/**
 * Linux takes no longer string in the environment of a process (MAX_ARG_STRLEN), its name and its
 * end included.
 */
const KERNEL_LIMIT_BYTES = 128 * 1024;

/** What the variables take that are not settings, the names of variables, and quotes. */
const RESERVED_BYTES = 4 * 1024;

/** How many of the settings a message names. */
const NAMED = 3;

/**
 * Refuses settings that are too large for the one variable that holds all settings of a replica.
 */
export function spaceProblems(draft: Draft): readonly string[] {
  const sizes = REPLICA_KEYS.map((key) => ({ key, bytes: bytesOf(draft, key) }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, RESERVED_BYTES);
  if (total <= KERNEL_LIMIT_BYTES) return [];
  const largest = sizes
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, NAMED)
    .filter(({ bytes }) => bytes > RESERVED_BYTES)
    .map(({ key, bytes }) => {
      const origin = draft.origins.get(key);
      const place = origin === undefined ? `\`${key}\`` : placeOf(key, origin);
      return `${place} (${bytes} bytes)`;
    });
  return [
    `${largest.join(" and ")} must be shorter: a replica's settings take up ${total} bytes in ${SETTINGS_ENV}, and Linux allows ${KERNEL_LIMIT_BYTES} bytes for one variable`,
  ];
}

/**
 * Bytes of a setting in the variable, which holds JSON in JSON's own quotes. A secret is in a file.
 */
function bytesOf(draft: Draft, key: SettingKey): number {
  const { type, secret } = settingOf(key);
  const value = valueOf(draft, key);
  if (value === undefined || secret === true) return 0;
  return Buffer.byteLength(JSON.stringify(type.format(value)));
}
