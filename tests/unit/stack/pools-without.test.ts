import { describe, expect, it } from "@jest/globals";
import { TLS_SETTINGS } from "../../support/client-certificates";
import { CONFIG, problemsOf, settingsOf } from "./read";

const {
  "docker.hostCa": hostCa,
  "docker.hostCert": hostCert,
  "docker.hostKey": hostKey,
} = TLS_SETTINGS;

const ENGINE = { host: "tcp://docker.example.com:2376", hostCa, hostCert, hostKey };
const S3 = { bucketName: "runner-cache" };
const KEYS = { accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG" };

/** Sources of a stack with a pool `b`. Objects are JSON. */
const withB = (top: object, b: object, env: Record<string, string> = {}) => ({
  config: Object.fromEntries(
    Object.entries({ ...CONFIG, ...top, pools: { b } }).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ),
  env,
});

/** The arguments of the pool `b`. */
const argsOf = (...sources: Parameters<typeof withB>) =>
  settingsOf(withB(...sources)).additionalPools[0]?.args;

describe("null in an additional pool", () => {
  it.each([
    ["a setting", { docker: { memory: null } }],
    [
      "a setting as text, which is how `pulumi config set` stores it",
      { docker: { memory: "null" } },
    ],
    ["all settings of an object", { docker: null }],
    ["all settings of an object, as text", { docker: "null" }],
  ])("prevents that it inherits %s", (_what, b) => {
    expect(argsOf({ docker: { memory: "2g" } }, b)).not.toHaveProperty("docker");
  });

  it("leaves the rest of an object", () => {
    const docker = { memory: "2g", cpus: "1" };
    expect(argsOf({ docker }, { docker: { memory: null } })?.docker).toEqual({ cpus: 1 });
  });

  it("prevents that it inherits a nested object, and not the rest", () => {
    const cache = { type: "s3", path: "ci", s3: { ...S3, ...KEYS } };
    const b = { cache: { type: "gcs", s3: null, gcs: { bucketName: "abc" } } };
    expect(argsOf({ cache }, b)?.cache).toEqual({
      type: "gcs",
      path: "ci",
      gcs: { bucketName: "abc" },
    });
    expect(argsOf({ cache }, { cache: null })).not.toHaveProperty("cache");
  });

  it("prevents that it inherits any setting of a cache without its type", () => {
    const cache = { type: "s3", path: "ci", s3: S3 };
    expect(argsOf({ cache }, { cache: { type: null } })).not.toHaveProperty("cache");
  });

  it("prevents that it inherits a variable of the environment", () => {
    const env = { RUNNER_DOCKER_MEMORY: "2g" };
    expect(argsOf({}, {}, env)).toHaveProperty("docker");
    expect(argsOf({}, { docker: { memory: null } }, env)).not.toHaveProperty("docker");
  });

  it("gives the pool the default, and the settings of the default executor", () => {
    const top = { executor: "shell", concurrent: "4", docker: { privileged: true } };
    const b = argsOf(top, { executor: null, concurrent: null });
    expect(b).not.toHaveProperty("executor");
    expect(b).not.toHaveProperty("concurrent");
    expect(b).toMatchObject({ docker: { privileged: true } });
  });

  it("is rejected for a setting of the whole stack, and for a misspelled one", () => {
    expect(problemsOf(withB({}, { baseImage: null, dokcer: null }))).toEqual([
      "`pools.b.dokcer` is not a setting: did you mean `docker`?",
      "`pools.b.baseImage` applies to the whole stack: set `baseImage` instead",
    ]);
  });

  it("is reported as missing for a required setting", () => {
    expect(problemsOf(withB({}, { gitlabUrl: null, token: "null" }))).toEqual([
      expect.stringContaining("`pools.b.token` is required"),
      expect.stringContaining("`pools.b.gitlabUrl` is required"),
    ]);
  });
});

describe("an additional pool does not inherit", () => {
  it("the certificates of another engine", () => {
    const b = argsOf({ docker: ENGINE }, { docker: { host: "unix:///run/podman/podman.sock" } });
    expect(Object.keys(b?.docker ?? {})).toEqual(["host"]);
  });

  it("S3 keys beside another way to authenticate, or the reverse", () => {
    const withKeys = { cache: { type: "s3", s3: { ...S3, ...KEYS } } };
    const withRole = { cache: { type: "s3", s3: { ...S3, authenticationType: "iam" } } };
    const iam = argsOf(withKeys, { cache: { s3: { authenticationType: "iam" } } });
    expect(iam?.cache?.s3).toEqual({ ...S3, authenticationType: "iam" });
    expect(argsOf(withRole, { cache: { s3: KEYS } })?.cache?.s3).toEqual({ ...S3, ...KEYS });
  });

  it("a KMS key beside another encryption", () => {
    const s3 = { ...S3, serverSideEncryption: "KMS", serverSideEncryptionKeyId: "1" };
    const b = argsOf(
      { cache: { type: "s3", s3 } },
      { cache: { s3: { serverSideEncryption: "S3" } } },
    );
    expect(b?.cache?.s3).toEqual({ ...S3, serverSideEncryption: "S3" });
  });

  it("a helper image beside a flavor", () => {
    const b = argsOf(
      { docker: { helperImage: "helper:1" } },
      { docker: { helperImageFlavor: "ubuntu" } },
    );
    expect(b?.docker).toEqual({ helperImageFlavor: "ubuntu" });
  });

  it("settings of a new runner if its token belongs to an existing one", () => {
    const top = { gitlabUrl: CONFIG.gitlabUrl, registry: CONFIG.registry, runnerScope: "group:7" };
    const pools = JSON.stringify({ b: { token: "glrt-a-token-of-another-runner" } });
    const { additionalPools, warnings } = settingsOf({
      config: { ...top, locked: "true", tags: "a", pools },
      env: { GITLAB_TOKEN: "an-access-token" },
    });
    expect(additionalPools[0]?.args).not.toHaveProperty("locked");
    expect(warnings).toEqual([]);
  });

  it("settings of the other executor if it inherits the executor", () => {
    const top = { executor: "shell", docker: { privileged: true } };
    const pools = { a: { executor: "docker" }, b: {} };
    const config = { ...withB(top, {}).config, pools: JSON.stringify(pools) };
    const { additionalPools } = settingsOf({ config });
    expect(additionalPools[1]?.args).not.toHaveProperty("docker");
  });
});

describe("a problem of an additional pool with what it inherits", () => {
  it.each<[string, object, object, readonly string[]]>([
    [
      "too many open requests",
      { requestConcurrency: "8", concurrent: "8" },
      { concurrent: 1 },
      [
        "`requestConcurrency` (8) must be at most 2, which is `pools.b.concurrent` (1) + 1: lower it. The pool b inherits `requestConcurrency`: to change it for this pool only, set `pools.b.requestConcurrency` to another value or to null",
      ],
    ],
    [
      "a network and a network for each job",
      { docker: { networkMode: "ci" } },
      { featureFlags: { FF_NETWORK_PER_BUILD: true } },
      [
        '`docker.networkMode` (ci) and `pools.b.featureFlags` ({"FF_NETWORK_PER_BUILD":true}) are mutually exclusive, because gitlab-runner ignores FF_NETWORK_PER_BUILD if it has a network for all jobs: unset one of them. The pool b inherits `docker.networkMode`: to change it for this pool only, set `pools.b.docker.networkMode` to another value or to null',
      ],
    ],
    [
      "a template for the docker executor",
      { configTemplate: '[[runners]]\n[runners.docker]\nhostname = "ci"\n' },
      { executor: "shell" },
      [
        "`configTemplate` line 2 sets runners.docker, which requires the docker executor, but `pools.b.executor` is shell: remove it. The pool b inherits `configTemplate`: to change it for this pool only, set `pools.b.configTemplate` to another value or to null",
      ],
    ],
    [
      "a setting of the other executor",
      { executor: "shell" },
      { docker: { memory: "2g" } },
      [
        "`pools.b.docker.memory` requires the docker executor, but `executor` is shell: unset one of them. The pool b inherits `executor`: to change it for this pool only, set `pools.b.executor` to another value or to null",
      ],
    ],
    [
      "a problem of the default pool, once",
      { docker: { memorySwap: "2g" } },
      {},
      [
        "`docker.memorySwap` (2g) requires `docker.memory`, because it limits memory and swap together: set `docker.memory` too",
      ],
    ],
  ])("names the pool's setting: %s", (_what, top, b, problems) => {
    expect(problemsOf(withB(top, b))).toEqual(problems);
  });

  it("names the variable that sets the value, and advises to set null for the pool", () => {
    const flags = { featureFlags: { FF_NETWORK_PER_BUILD: true } };
    const env = { RUNNER_DOCKER_NETWORK_MTU: "1400" };
    expect(problemsOf(withB(flags, { featureFlags: null }, env))).toEqual([
      "RUNNER_DOCKER_NETWORK_MTU (`docker.networkMtu`) (1400) requires the feature flag FF_NETWORK_PER_BUILD, which is false, because it only applies to networks that gitlab-runner creates: set the flag in `pools.b.featureFlags`, or set `pools.b.docker.networkMtu` to null. The pool b inherits `docker.networkMtu`: to change it for this pool only, set `pools.b.docker.networkMtu` to another value or to null",
    ]);
  });
});
