import { describe, expect, it } from "@jest/globals";
import {
  envOf,
  REPLICA_KEYS,
  SETTING_KEYS,
  type SettingKey,
} from "../../../contract/settings/keys";
import { setAt } from "../../../contract/settings/nested";
import { readSettings } from "../../../runner-image/src/settings/settings";
import { readStackSettings } from "../../../stack/stack-settings";
import { listWarnings } from "../../../tools/doctor/pools";
import { CONFIG } from "../stack/read";

const HIDDEN = "hunter2pass";

const KEY = `-----BEGIN PRIVATE KEY-----\nMC4${HIDDEN}CAQAw\n-----END PRIVATE KEY-----\n`;

/** Secrets that a user may write into any setting by mistake. */
const SECRETS: readonly string[] = [
  KEY,
  `https://ci:${HIDDEN}@gitlab.example.com`,
  `https://gitlab.example.com?private_token=${HIDDEN}`,
  `tcp://user:${HIDDEN}@docker.example.com:2376`,
  `user:${HIDDEN}@googleapis.com`,
  `${HIDDEN}@s3.example.com`,
  `glpat-${HIDDEN}`,
  `AKIA1234567890ABCDEF github_pat_${HIDDEN}${HIDDEN}`,
  `DB_PASSWORD=${HIDDEN}`,
];

/** The same secret as a string, in a list, in a map and in a list of objects. */
const SHAPES: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => JSON.stringify(["/cache", secret]),
  (secret) => JSON.stringify({ A: secret, "/b": secret }),
  (secret) => JSON.stringify([{ name: secret, environment: { A: secret } }, { name: "" }]),
];

const VALUES = SHAPES.flatMap((shape) => SECRETS.map(shape));

function inReplica(key: SettingKey, text: string): readonly string[] {
  const env = { RUNNER_CI_URL: CONFIG.gitlabUrl, RUNNER_CI_TOKEN: CONFIG.token };
  const { problems, warnings } = readSettings({ ...env, [envOf(key)]: text });
  return [...problems, ...warnings];
}

function inProgram(key: SettingKey, text: string): readonly string[] {
  const nested: Record<string, unknown> = {};
  setAt(nested, key.split("."), text);
  const config = Object.fromEntries(
    Object.entries(nested).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const sources = { env: {}, project: "p", stack: "dev" };
  const result = readStackSettings({ ...sources, config: { ...CONFIG, ...config } });
  return "problems" in result
    ? [...result.problems, ...result.warnings]
    : listWarnings(result.settings);
}

describe("a message about a setting whose value contains a secret", () => {
  it.each(REPLICA_KEYS)("does not show it in a replica: %s", (key) => {
    for (const text of VALUES) {
      expect(inReplica(key, text).join("\n").toLowerCase()).not.toContain(HIDDEN);
    }
  });

  it.each(SETTING_KEYS)("does not show it in the program: %s", (key) => {
    for (const text of VALUES) {
      expect(inProgram(key, text).join("\n").toLowerCase()).not.toContain(HIDDEN);
    }
  });
});
