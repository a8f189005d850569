import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { createSecrets } from "../../../../components/pool/secrets";
import { buildServiceArgs } from "../../../../components/pool/spec/service-spec";
import { assemble } from "../../../../components/settings/assemble";
import { parseEntries, type RawEntry } from "../../../../components/settings/parsed-settings";
import { SETTINGS_ENV, TASK_ENV } from "../../../../contract/replica-env";
import { getSecretFile } from "../../../../contract/replica-paths";
import {
  envOf,
  fileEnvOf,
  settingOf,
  type KeyOf,
  type SettingKey,
} from "../../../../contract/settings/keys";
import { exampleText } from "../../../support/argument-docs";
import { declare, valueOf } from "../../../support/mocks";
import { EXAMPLE_BATCHES, EXCLUDED_EXAMPLES } from "../../../support/setting-changes";

const KEYS: readonly KeyOf<"replica">[] = [
  ...EXAMPLE_BATCHES.flatMap(({ keys }) => keys),
  ...Object.keys(EXCLUDED_EXAMPLES).map((key) => key as keyof typeof EXCLUDED_EXAMPLES),
];

interface Spec {
  /** Without the generation, which changes with every setting. */
  readonly settings: Readonly<Record<string, string>>;
  /** Files of the swarm secrets. */
  readonly secrets: readonly string[];
  /** Everything else in the service's arguments. */
  readonly rest: string;
}

/** Builds the arguments of a pool's service. Rules between settings do not apply. */
async function buildSpec(extra: Partial<Record<SettingKey, string>>): Promise<Spec> {
  const values = { gitlabUrl: "https://gitlab.example.com", token: "glrt-t1_0123456789", ...extra };
  const entries = Object.entries(values).map(([key, value]): RawEntry => ({
    key: key as SettingKey,
    value,
    origin: { path: key, source: "config" },
  }));
  const { parsed, problems } = parseEntries("", entries);
  expect(problems).toEqual([]);
  let built: pulumi.Output<string> = pulumi.output("");
  await declare(() => {
    const parent = new pulumi.ComponentResource("test:index:Pool", "ci");
    const settings = assemble(parsed, { kind: "authentication" }, new Map());
    const secrets = createSecrets(parent, "ci", pulumi.output("ci"), settings.secrets);
    const { args } = buildServiceArgs(settings, {
      serviceName: "ci",
      image: "image",
      networkId: "network",
      furtherNetworkIds: undefined,
      secrets,
      certificates: { configs: [], secrets: [] },
      deployed: Promise.resolve(undefined),
      mode: () => ({ replicated: { replicas: 1 } }),
    });
    built = pulumi.jsonStringify(args);
  });
  const args = JSON.parse(await valueOf(built)) as {
    taskSpec: { containerSpec: { env: Record<string, string>; secrets: { fileName: string }[] } };
  };
  const { env, secrets, ...container } = args.taskSpec.containerSpec;
  const settings = JSON.parse(env[SETTINGS_ENV] ?? "{}") as Record<string, string>;
  const rest = { ...args, taskSpec: { ...args.taskSpec, containerSpec: container } };
  return {
    settings: { ...settings, [TASK_ENV.generation]: "" },
    secrets: secrets.map(({ fileName }) => fileName),
    rest: JSON.stringify(rest),
  };
}

describe("a setting that only the replicas read", () => {
  it.each(KEYS)("changes one variable or one secret of the service: %s", async (key) => {
    const text = exampleText(key);
    const [before, after] = [await buildSpec({}), await buildSpec({ [key]: text })];

    const added =
      settingOf(key).secret === true
        ? { [fileEnvOf(key)]: getSecretFile(key) }
        : { [envOf(key)]: text.replaceAll("{{", "{{`{{`}}") };
    expect(after.settings).toEqual({ ...before.settings, ...added });
    expect(after.settings).not.toEqual(before.settings);
    const files = settingOf(key).secret === true ? [getSecretFile(key)] : [];
    expect(after.secrets).toEqual([...before.secrets, ...files]);
    expect(after.rest).toBe(before.rest);
    if (settingOf(key).secret === true) expect(JSON.stringify(after)).not.toContain(text);
  });
});
