import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { parse } from "smol-toml";
import { buildReplicaVariables } from "../../../components/pool/replica-env";
import { readArguments } from "../../../components/settings/read-arguments";
import type { PoolArgs } from "../../../components/settings/pool-args";
import type { PoolSettings } from "../../../components/settings/pool-settings";
import { getSecretFile } from "../../../contract/replica-paths";
import { SETTINGS_ENV } from "../../../contract/replica-env";
import { renderConfig } from "../../../runner-image/src/gitlab-runner/config-toml";
import type { Request } from "../../../runner-image/src/gitlab/client";
import { register } from "../../../runner-image/src/start/register";
import { readSettings, type ReplicaSettings } from "../../../runner-image/src/settings/settings";
import { escapePattern } from "../../support/image-pattern";
import { declare } from "../../support/mocks";

const TOKEN = "GR1348941-registration";

/** Characters that have a meaning in JSON, Swarm's templates, TOML, a shell or a list. */
const snippet = fc.constantFrom(
  ...["{{", "}}", "{{.Task.Slot}}", "{{`", "`}}", "{", '"', "'", "`", "\\", "$", "#", "[", "]"],
  ...[" ", "  ", "=", ",", "Ü", "🦊", "\u00a0", "\u202e", "%", "<", "&"],
);
const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  fc.array(snippet, { minLength: 1, maxLength: 8 }).map((parts) => parts.join("")),
  fc.constantFrom(" ", "  padded  ", "a b", "-v", "null", "true", "0", "[]"),
);
const name = text.filter((value) => !/^(["'`]).*\1$|^[$%]|[\p{C}\p{Zl}\p{Zp}]/su.test(value));
const entry = text
  .map((value) => value.trim())
  .filter((value) => value !== "" && !/\p{Cc}|["']$|^["']|^`.*`$/u.test(value));
/** Patterns of images. The last one allows the default image of jobs. */
const patterns = fc
  .uniqueArray(entry.map(escapePattern), { minLength: 1, maxLength: 4 })
  .map((some) => [...some.filter((one) => one !== "**"), "**"]);

const args = fc.record(
  {
    runnerName: name,
    tags: fc.uniqueArray(
      entry.filter((tag) => !tag.includes(",")),
      { maxLength: 4 },
    ),
    runUntagged: fc.constant(true),
    locked: fc.boolean(),
    protected: fc.boolean(),
    maximumTimeout: fc.constantFrom("10m", "1h1s"),
    concurrent: fc.integer({ min: 1, max: 1000 }),
    drainTimeout: fc.constantFrom("0s", "90s", "7d"),
    jobImage: fc.constantFrom("ubuntu:24.04", "r.example.com:5000/a/b-c__d:1"),
    docker: fc.record(
      {
        volumes: fc.constantFrom(
          [],
          ["/cache"],
          ["/a:/b:ro,z", "name:/c"],
          ["/with blank:/x", "/{{.Task.Slot}}:/y,z"],
        ),
        allowedImages: fc.oneof(patterns, fc.constant([])),
        privileged: fc.boolean(),
        helperImage: fc.constantFrom("a/b:1", "a/b:${CI_RUNNER_VERSION}"),
        networkMode: fc.constantFrom("host", "my net", "a.b"),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

/**
 * Expands a string as Swarm does with Go's templates.
 * @throws Error if Go would find another template action
 */
function expand(template: string): string {
  return template.replace(/\{\{(.*?)\}\}/gsu, (_all, action: string) => {
    const literal = /^`([^`]*)`$/u.exec(action)?.[1];
    const fields = {
      ".Service.Name": "s",
      ".Service.ID": "id",
      ".Task.Slot": "7",
      ".Node.ID": "n",
    };
    const field = (fields as Readonly<Record<string, string>>)[action];
    const value = literal ?? field;
    if (value === undefined) throw new Error(`Swarm would expand {{${action}}}`);
    return value;
  });
}

/**
 * Returns the settings of the docker executor.
 * @throws Error if the executor is not docker
 */
function getDocker<D>(settings: { executor: string; docker?: D }): D {
  if (settings.docker === undefined) throw new Error(`the executor is ${settings.executor}`);
  return settings.docker;
}

/** Returns the replica's settings, read from the variable that Swarm passes. */
function inReplica(settings: PoolSettings): ReplicaSettings {
  const { RUNNER_CI_TOKEN_FILE: file, ...variables } = buildReplicaVariables(
    settings.replicaValues,
    ["token"],
    settings.mode,
  );
  expect(file).toBe(getSecretFile("token"));
  const env = { [SETTINGS_ENV]: expand(JSON.stringify(variables)), RUNNER_CI_TOKEN: TOKEN };
  const read = readSettings(env);
  expect(read.problems).toEqual([]);
  if (read.settings === undefined) throw new Error("there are neither settings nor problems");
  return read.settings;
}

async function captureRegistration(settings: ReplicaSettings): Promise<object> {
  const sent: Request[] = [];
  const { signal } = new AbortController();
  await register({
    gitlab: (request) => {
      sent.push(request);
      const body = { id: 1, token: "glrt-of-the-runner" };
      return Promise.resolve({ kind: "status", status: 201, message: "", body, retryAfterMs: 0 });
    },
    settings,
    systemId: "r_123456789012",
    report: () => undefined,
    signal,
    cutOff: signal,
  });
  return sent[0]?.body ?? {};
}

/** Runs a check with a function that reads arguments as the program does. */
async function withProgram(check: (read: (args: PoolArgs) => PoolSettings) => Promise<void>) {
  await declare(async () => {
    const pool = new pulumi.ComponentResource("test:index:Pool", "pool");
    await check((given) => readArguments("pool", "pool", given, pool, () => undefined));
    return {};
  });
}

const REQUIRED = { gitlabUrl: "https://gitlab.example.com", token: TOKEN };

describe("the settings that the program parsed", () => {
  it("reach the replica, gitlab-runner's config.toml and GitLab unchanged", async () => {
    let runs = 0;
    await withProgram((read) =>
      fc.assert(
        fc.asyncProperty(args, async (given) => {
          const settings = read({ ...REQUIRED, ...given });
          const docker = getDocker(settings);
          const replica = inReplica(settings);
          expect(replica).toMatchObject({
            gitlabUrl: REQUIRED.gitlabUrl,
            runnerName: settings.runnerName,
            jobImage: given.jobImage ?? "ubuntu:24.04",
            concurrent: settings.concurrent,
            drainTimeout: settings.drainTimeout,
            docker: {
              volumes: docker.volumes,
              allowedImages: docker.allowedImages,
              privileged: docker.privileged,
            },
            tags: settings.tags,
          });
          const config = parse(
            renderConfig(
              replica,
              { id: 1, token: "glrt-x", obtainedAtMs: 0, expiresAt: null },
              9_000,
            ),
          ) as { runners: [{ name: string; docker: Record<string, unknown> }] };
          const [runner] = config.runners;
          expect(runner.name).toBe(`${settings.runnerName}7`);
          expect(runner.docker["volumes"]).toEqual(docker.volumes);
          expect(runner.docker["allowed_images"] ?? []).toEqual(docker.allowedImages);
          expect(runner.docker["helper_image"]).toBe(docker.helperImage);
          expect(runner.docker["network_mode"]).toBe(docker.networkMode);
          expect(await captureRegistration(replica)).toMatchObject({
            description: `${settings.runnerName}7`,
            tag_list: settings.tags.join(","),
            locked: settings.locked,
            access_level: settings.protected ? "ref_protected" : "not_protected",
          });
          runs += 1;
        }),
        { numRuns: 300 },
      ),
    );
    expect(runs).toBeGreaterThan(0);
  });

  it.each<[string, Partial<PoolArgs>]>([
    ["no tags", { tags: "" }],
    ["no volumes", { docker: { volumes: [] } }],
    ["no allowed images", { docker: { allowedImages: [] } }],
  ])("reach the replica even if they are empty: %s", async (_what, given) => {
    let replica: ReplicaSettings | undefined;
    await withProgram((read) => {
      replica = inReplica(read({ ...REQUIRED, tags: "x", ...given }));
      return Promise.resolve();
    });
    const [key] = Object.keys(given);
    const inDocker = Object.keys(given.docker ?? {})[0];
    if (key === "tags") expect(replica?.tags).toEqual([]);
    else if (inDocker === "volumes") expect(replica && getDocker(replica).volumes).toEqual([]);
    else expect(replica && getDocker(replica).allowedImages).toEqual([]);
  });
});

describe("an individual variable of the image", () => {
  const OWN = { RUNNER_CI_URL: "https://gitlab.example.com", RUNNER_CI_TOKEN: TOKEN };
  const read = (env: Record<string, string>) => readSettings({ ...OWN, ...env }).settings;

  it("counts as unset if it is empty", () => {
    expect(read({ RUNNER_TAGS: "", RUNNER_DOCKER_VOLUMES: " " })).toMatchObject({
      docker: { volumes: ["/cache"] },
    });
    expect(read({ RUNNER_TAGS: "" })).not.toHaveProperty("tags");
  });

  it.each(["[]", ","])("is an empty list if it is %j", (text) => {
    expect(read({ RUNNER_TAGS: text, RUNNER_DOCKER_VOLUMES: text })).toMatchObject({
      tags: [],
      docker: { volumes: [] },
    });
  });

  it("does not override RUNNER_SETTINGS if it is empty", () => {
    const RUNNER_SETTINGS = JSON.stringify({ RUNNER_TAGS: "held", RUNNER_CONCURRENT: "3" });
    expect(read({ RUNNER_SETTINGS, RUNNER_TAGS: "", RUNNER_CONCURRENT: "4" })).toMatchObject({
      tags: ["held"],
      concurrent: 4,
    });
  });

  it("keeps the spaces of a name but not the line break of an env file", () => {
    expect(read({ RUNNER_NAME: "pool \r" })?.runnerName).toBe("pool ");
  });

  it("is an empty list if it is an empty string in RUNNER_SETTINGS", () => {
    const RUNNER_SETTINGS = JSON.stringify({ RUNNER_TAGS: "", RUNNER_DOCKER_VOLUMES: "" });
    expect(read({ RUNNER_SETTINGS })).toMatchObject({ tags: [], docker: { volumes: [] } });
  });
});
