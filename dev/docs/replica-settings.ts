import {
  envOf,
  fileEnvOf,
  REPLICA_KEYS,
  settingOf,
  type KeyOf,
} from "../../contract/settings/keys";
import { canBeSecret } from "../../contract/settings/setting";
import { toKebabCase } from "../../contract/kebab-case";

/** Settings whose change has more effects than a new variable or a new secret. */
const MORE_EFFECTS: readonly string[] = [
  "token",
  "tokenKind",
  "executor",
  "drainTimeout",
  // These four change together, and with them the mount of the socket.
  "docker.host",
  "docker.hostCa",
  "docker.hostCert",
  "docker.hostKey",
  // Also mounts a folder in memory, for a link to the logins.
  "jobRegistries",
];

/** Settings that only the replicas read: a change is one variable or one secret of the service. */
export const PLAIN_REPLICA_KEYS: readonly KeyOf<"replica">[] = REPLICA_KEYS.filter(
  (key) => settingOf(key).newRunnerOnly === undefined && !MORE_EFFECTS.includes(key),
);

/** A Markdown table of these settings, and of what the diff shows when one of them changes. */
export function replicaSettingsTable(): string {
  const rows = PLAIN_REPLICA_KEYS.map((key) => [`\`${key}\``, describeDiff(key)]);
  return [["setting", "the diff shows"], ["---", "---"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function describeDiff(key: KeyOf<"replica">): string {
  const name = `default-${toKebabCase(key)}`;
  const secret = `\`${fileEnvOf(key)}\`, and the swarm secret \`${name}\` with its \`${name}-id\``;
  const row = settingOf(key);
  if (row.secret === true) return secret;
  return canBeSecret(row)
    ? `\`${envOf(key)}\`; a secret value: \`${fileEnvOf(key)}\`, \`${name}\` and \`${name}-id\``
    : `\`${envOf(key)}\``;
}
