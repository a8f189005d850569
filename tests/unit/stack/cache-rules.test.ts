import { describe, expect, it } from "@jest/globals";
import { CONFIG, problemsOf, settingsOf, warningsOf, withConfig } from "./read";

/** Stack config with a cache. */
const withCache = (cache: unknown, others: Record<string, string> = {}) =>
  withConfig({ cache: JSON.stringify(cache), ...others });

const S3 = { type: "s3", s3: { bucketName: "runner-cache" } };
const KEYS = { accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG" };
const ROLE = "arn:aws:iam::123456789012:role/a";
const SERVER = { serverAddress: "minio.example.com:9000", bucketName: "runner-cache" };

describe("the rules for caches", () => {
  it.each<[string, unknown]>([
    ["S3 with an instance role", S3],
    ["S3 with keys", { type: "s3", s3: { ...S3.s3, ...KEYS } }],
    ["S3 with temporary keys", { type: "s3", s3: { ...S3.s3, ...KEYS, sessionToken: "12345678" } }],
    ["another S3 server", { type: "s3", s3: { ...SERVER, ...KEYS } }],
    [
      "S3 with KMS",
      { type: "s3", s3: { ...S3.s3, serverSideEncryption: "KMS", serverSideEncryptionKeyId: "1" } },
    ],
    [
      "a bucket of S3 Express One Zone",
      { type: "s3", s3: { bucketName: "a--usw2-az1--x-s3", dualStack: false } },
    ],
    [
      "a bucket of another server whose name looks like one of S3 Express One Zone",
      { type: "s3", s3: { ...SERVER, ...KEYS, bucketName: "a--x-s3", roleArn: ROLE } },
    ],
    [
      "the address that DigitalOcean requires",
      {
        type: "s3",
        s3: { ...S3.s3, ...KEYS, serverAddress: "runner-cache.fra1.digitaloceanspaces.com" },
      },
    ],
    ["GCS with the nodes' account", { type: "gcs", gcs: { bucketName: "runner-cache" } }],
    [
      "Azure with a managed identity",
      { type: "azure", azure: { accountName: "abc", containerName: "abc" } },
    ],
  ])("accept %s without a warning", (_what, cache) => {
    expect(warningsOf(withCache(cache))).toEqual([]);
  });

  it.each<[string, unknown, readonly string[]]>([
    [
      "settings without a type",
      { path: "ci", s3: { bucketName: "abc" } },
      [
        "`cache.path` requires `cache.type`: set it to s3, gcs, azure, or unset `cache.path`",
        "`cache.s3.bucketName` requires `cache.type`: set it to s3, or unset `cache.s3.bucketName`",
      ],
    ],
    [
      "settings of another type",
      { ...S3, gcs: { bucketName: "abc" }, azure: { accountKey: "c2VjcmV0cw==" } },
      [
        "`cache.gcs.bucketName` requires `cache.type` gcs, but `cache.type` (s3) is set: unset one of them",
        "`cache.azure.accountKey` requires `cache.type` azure, but `cache.type` (s3) is set: unset one of them",
      ],
    ],
    [
      "S3 without a bucket",
      { type: "s3" },
      ["`cache.type` (s3) requires `cache.s3.bucketName`: set it"],
    ],
    [
      "GCS without a bucket",
      { type: "gcs" },
      ["`cache.type` (gcs) requires `cache.gcs.bucketName`: set it"],
    ],
    [
      "Azure without an account and a container",
      { type: "azure" },
      [
        "`cache.type` (azure) requires `cache.azure.accountName`: set it",
        "`cache.type` (azure) requires `cache.azure.containerName`: set it",
      ],
    ],
    [
      "half of a pair of keys",
      { type: "s3", s3: { ...S3.s3, accessKey: KEYS.accessKey } },
      [
        "`cache.s3.accessKey` requires `cache.s3.secretKey`: set both, or neither to use the instance role of the nodes",
      ],
    ],
    [
      "a session token without keys",
      { type: "s3", s3: { ...S3.s3, sessionToken: "12345678" } },
      [
        "`cache.s3.sessionToken` requires `cache.s3.accessKey` and `cache.s3.secretKey`: set them, or unset it",
      ],
    ],
    [
      "keys with an instance role",
      { type: "s3", s3: { ...S3.s3, ...KEYS, authenticationType: "iam" } },
      [
        "`cache.s3.authenticationType` (iam) uses the instance role of the nodes, so `cache.s3.accessKey` and `cache.s3.secretKey` would be ignored: unset one of them",
      ],
    ],
    [
      "missing keys",
      { type: "s3", s3: { ...S3.s3, authenticationType: "access-key" } },
      [
        "`cache.s3.authenticationType` (access-key) requires `cache.s3.accessKey` and `cache.s3.secretKey`: set them",
      ],
    ],
    [
      "a KMS key without KMS",
      { type: "s3", s3: { ...S3.s3, serverSideEncryptionKeyId: "1" } },
      [
        "`cache.s3.serverSideEncryptionKeyId` (1) is only for the encryption KMS and DSSE-KMS: set `cache.s3.serverSideEncryption` to KMS or DSSE-KMS",
      ],
    ],
    [
      "a KMS key with Amazon's own key",
      { type: "s3", s3: { ...S3.s3, serverSideEncryption: "S3", serverSideEncryptionKeyId: "1" } },
      [
        "`cache.s3.serverSideEncryptionKeyId` (1) is only for the encryption KMS and DSSE-KMS: `cache.s3.serverSideEncryption` (S3) does not use a key of yours",
      ],
    ],
    [
      "acceleration with the path style",
      { type: "s3", s3: { ...S3.s3, accelerate: true, pathStyle: true } },
      [
        "`cache.s3.accelerate` (true) cannot be used with `cache.s3.pathStyle` (true): unset one of them",
      ],
    ],
    [
      "acceleration of a bucket with a dot",
      { type: "s3", s3: { bucketName: "a.bucket", accelerate: true } },
      [
        "`cache.s3.accelerate` (true) cannot be used with `cache.s3.bucketName` (a.bucket): unset one of them",
      ],
    ],
    [
      "the host name of a bucket",
      { type: "s3", s3: { ...S3.s3, serverAddress: "runner-cache.s3.amazonaws.com" } },
      [
        "`cache.s3.serverAddress` (runner-cache.s3.amazonaws.com) must not begin with `cache.s3.bucketName` (runner-cache), which gitlab-runner adds to it: set `cache.s3.serverAddress` to s3.amazonaws.com",
      ],
    ],
    [
      "the host name of a bucket with the path style of Amazon",
      {
        type: "s3",
        s3: { ...S3.s3, serverAddress: "runner-cache.s3.eu-west-1.amazonaws.com", pathStyle: true },
      },
      [
        "`cache.s3.serverAddress` (runner-cache.s3.eu-west-1.amazonaws.com) must not begin with `cache.s3.bucketName` (runner-cache), which gitlab-runner adds to it: set `cache.s3.serverAddress` to s3.eu-west-1.amazonaws.com",
      ],
    ],
    ...["runner-cache.oss-cn-beijing.aliyuncs.com", "runner-cache.minio.example.com"].map(
      (serverAddress): [string, unknown, readonly string[]] => [
        `the host name ${serverAddress} of a bucket without the path style`,
        {
          type: "s3",
          s3: {
            ...S3.s3,
            ...KEYS,
            serverAddress,
            ...(serverAddress.includes("minio") ? { pathStyle: false } : {}),
          },
        },
        [
          `\`cache.s3.serverAddress\` (${serverAddress}) must not begin with \`cache.s3.bucketName\` (runner-cache), which gitlab-runner adds to it: set \`cache.s3.serverAddress\` to ${serverAddress.slice("runner-cache.".length)}`,
        ],
      ],
    ),
    [
      "a bucket of S3 Express One Zone with dual stack and a role",
      { type: "s3", s3: { bucketName: "a--usw2-az1--x-s3", roleArn: ROLE } },
      [
        "`cache.s3.bucketName` (a--usw2-az1--x-s3) is a bucket of S3 Express One Zone, which has no endpoint with IPv4 and IPv6: set `cache.s3.dualStack` to false",
        `\`cache.s3.bucketName\` (a--usw2-az1--x-s3) is a bucket of S3 Express One Zone, which does not work with \`cache.s3.roleArn\` (${ROLE}), because a role cannot be limited to one cache there: unset one of them`,
      ],
    ],
    [
      "the host name of an account",
      {
        type: "azure",
        azure: {
          accountName: "abc",
          containerName: "abc",
          storageDomain: "abc.blob.core.windows.net",
        },
      },
      [
        "`cache.azure.storageDomain` (abc.blob.core.windows.net) must not begin with `cache.azure.accountName` (abc), which gitlab-runner adds to it: set `cache.azure.storageDomain` to blob.core.windows.net",
      ],
    ],
  ])("reject %s", (_what, cache, problems) => {
    expect(problemsOf(withCache(cache))).toEqual(problems);
  });

  it("name a setting as the user wrote it, in the environment or in a pool", () => {
    const env = { RUNNER_CACHE_PATH: "ci" };
    expect(problemsOf({ config: CONFIG, env })).toEqual([
      "RUNNER_CACHE_PATH (`cache.path`) requires `cache.type`: set it to s3, gcs, azure, or unset RUNNER_CACHE_PATH (`cache.path`)",
    ]);
    const pools = JSON.stringify({ big: { cache: { type: "s3" } } });
    expect(problemsOf(withConfig({ pools }))).toEqual([
      "`pools.big.cache.type` (s3) requires `pools.big.cache.s3.bucketName`: set it",
    ]);
  });

  it.each<[string, unknown, string]>([
    ["a server without keys", { type: "s3", s3: SERVER }, "looks for an instance role of Amazon"],
    [
      "a loopback address",
      { type: "s3", s3: { ...SERVER, ...KEYS, serverAddress: "http://127.0.0.1:9000" } },
      "`cache.s3.serverAddress` (http://127.0.0.1:9000) is a loopback address",
    ],
    [
      "dual stack elsewhere",
      { type: "s3", s3: { ...SERVER, ...KEYS, dualStack: true } },
      "`cache.s3.dualStack` (true) has no effect with `cache.s3.serverAddress` (minio.example.com:9000)",
    ],
    [
      "acceleration with an endpoint of Amazon's that is not the global one",
      {
        type: "s3",
        s3: { ...S3.s3, serverAddress: "s3.eu-west-1.amazonaws.com", accelerate: true },
      },
      "`cache.s3.accelerate` (true) has no effect with `cache.s3.serverAddress`",
    ],
    [
      "a server's address that begins with the bucket",
      {
        type: "s3",
        s3: { ...S3.s3, ...KEYS, serverAddress: "runner-cache.minio.example.com" },
      },
      "begins with `cache.s3.bucketName` (runner-cache), and gitlab-runner adds the bucket to the path, too: set `cache.s3.serverAddress` to minio.example.com, unless",
    ],
    [
      "two roles",
      { type: "s3", s3: { ...S3.s3, roleArn: ROLE, uploadRoleArn: `${ROLE}-upload` } },
      "`cache.s3.uploadRoleArn` has no effect",
    ],
  ])("warn of %s", (_what, cache, words) => {
    expect(warningsOf(withCache(cache))).toEqual([expect.stringContaining(words)]);
  });

  it("never show a key", () => {
    const s3 = {
      bucketName: "x",
      accessKey: "with space",
      secretKey: "se cret",
      sessionToken: "s",
    };
    const text = problemsOf(withCache({ type: "s3", s3 })).join("\n");
    expect(text).toContain("cache.s3.secretKey");
    for (const secret of ["with space", "se cret"]) expect(text).not.toContain(secret);
  });
});

describe("the cache of an additional pool", () => {
  const read = (
    pool: unknown,
    cache: unknown = { type: "s3", path: "ci", s3: { ...S3.s3, ...KEYS } },
  ) => withCache(cache, { pools: JSON.stringify({ big: { cache: pool } }) });
  const cacheOf = (sources: ReturnType<typeof withConfig>) =>
    settingsOf(sources).additionalPools[0]?.args.cache;

  it("is that of the default pool", () => {
    expect(cacheOf(read({}))).toMatchObject({ type: "s3", path: "ci", s3: { ...S3.s3, ...KEYS } });
  });

  it("does not inherit the settings of another type", () => {
    const gcs = { type: "gcs", gcs: { bucketName: "abc" } };
    expect(cacheOf(read(gcs))).toEqual({ ...gcs, path: "ci" });
    expect(problemsOf(read({ type: "gcs" }))).toEqual([
      "`pools.big.cache.type` (gcs) requires `pools.big.cache.gcs.bucketName`: set it",
    ]);
  });

  it("does not mix its own keys with those of the default pool", () => {
    expect(problemsOf(read({ s3: { accessKey: "another-key" } }))).toEqual([
      "`pools.big.cache.s3.accessKey` requires `pools.big.cache.s3.secretKey`: set both, or neither to use the instance role of the nodes",
    ]);
  });
});
