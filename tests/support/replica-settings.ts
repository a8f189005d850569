import fc from "fast-check";
import type { ReplicaSettings } from "../../runner-image/src/settings";

/** Settings of a replica that sets little. */
export const SETTINGS: ReplicaSettings = {
  gitlabUrl: "https://gitlab.example.com",
  token: "glrt-t1_0123456789",
  tokenKind: "authentication",
  runnerName: "gitlab-runner-",
  slot: "1",
  jobImage: "ubuntu:24.04",
  concurrent: 1,
  drainTimeout: 3600,
  executor: "docker",
  dockerPrivileged: false,
  dockerVolumes: ["/cache"],
  dockerPullPolicy: "always",
  dockerAllowedImages: [],
};

/** Texts that quoting may break: random characters, and what has a meaning in TOML, JSON and a shell. */
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
