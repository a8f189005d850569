import fc from "fast-check";
import { readSettings, type ReplicaSettings } from "../../runner-image/src/settings/settings";

/** Settings of a replica of the docker executor. */
export type DockerReplica = Extract<ReplicaSettings, { readonly executor: "docker" }>;

/** Settings of a replica, mostly defaults. */
export const SETTINGS: DockerReplica = defaults();

function defaults(): DockerReplica {
  const { settings } = readSettings({
    RUNNER_CI_URL: "https://gitlab.example.com",
    RUNNER_CI_TOKEN: "glrt-t1_0123456789",
    RUNNER_SLOT: "1",
  });
  if (settings?.executor !== "docker") throw new Error("the default executor is not docker");
  return settings;
}

/**
 * Strings that quoting may break: random characters, and characters with a meaning in TOML, JSON
 * and a shell.
 */
export const nastyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "a\nb\r\n",
    "\t\b\f\u0000\u007f\u001b",
    `"""'''`,
    `a "b" 'c' \\ \\n \\u0041`,
    "$HOME ${HOME} $(id) `id`",
    "--privileged",
    "-v",
    "# no comment",
    '[[runners]]\ntoken = "x"',
    "{{.Task.Slot}}",
    "Ünïcödé 🦊 \u202e\u2028",
    " ",
    "",
  ),
);
