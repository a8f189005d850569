import { describe, expect, it } from "@jest/globals";
import { explainInheritance } from "../../../components/settings/explain-inheritance";
import type { ParsedSettings } from "../../../components/settings/parsed-settings";
import { toRuleInput } from "../../../components/settings/rule-input";
import { SETTING_KEYS, settingOf, type SettingKey } from "../../../contract/settings/keys";
import { nest } from "../../../contract/settings/nested";
import { RULES } from "../../../contract/settings/rules/all";
import { PROGRAM_RULES } from "../../../contract/settings/rules/program";
import { readPools, readTopLevel } from "../../../stack/read-pools";
import { TLS_SETTINGS } from "../../support/client-certificates";
import { readCertificate } from "../../support/gitlab-certificates";

/** Settings by key. */
type Flat = Readonly<Record<string, unknown>>;

/** Settings of the default pool, and of a pool that inherits them and so breaks a rule. */
type Case = readonly [title: string, top: Flat, pool: Flat];

const S3 = { "cache.type": "s3", "cache.s3.bucketName": "runner-cache" };
const ROLE = "arn:aws:iam::123456789012:role/";
const ALL_RULES = [...RULES, ...PROGRAM_RULES];

const PER_BUILD = { featureFlags: { FF_NETWORK_PER_BUILD: true } };
const service = (rest: object = {}) => [{ name: "redis:7", ...rest }];

const CASES: readonly Case[] = [
  ["a long job", { maximumTimeout: "3h" }, { drainTimeout: "1h" }],
  ["a variable", { environment: { A: "1" } }, { secretEnvironment: { A: "12345678" } }],
  ["a secret name", { environment: { DB_PASSWORD: "x" } }, {}],
  [
    "a secret name in a service",
    { "docker.services": service({ environment: { TOKEN: "x" } }) },
    {},
  ],
  ["an experimental flag", { featureFlags: { FF_CONCRETE: true } }, {}],
  ["a long stage", { prepareTimeout: "2h" }, { maximumTimeout: "1h" }],
  ["a loopback address for clones", { cloneUrl: "http://127.0.0.1:8929" }, {}],
  ["folders of jobs", { customBuildDir: true, concurrent: 4 }, { executor: "shell" }],
  ["a folder of the node", { buildsDir: "/b" }, { "docker.volumes": ["/srv/b:/b"] }],
  ["a number of replicas of a global pool", {}, { mode: "global", replicas: 3 }],
  ["a limit of a global pool", {}, { mode: "global", "placement.maxPerNode": 1 }],
  ["many replicas", { replicas: 900 }, { checkInterval: "1s" }],
  ["a long interval", { onlineTimeout: "5m" }, { checkInterval: "6m" }],
  ["many open requests", { requestConcurrency: 8 }, { concurrent: 1 }],
  ["debug logs", { logLevel: "debug" }, {}],
  [
    "debug logs of secrets",
    { secretEnvironment: { A: "12345678" } },
    { logLevel: "debug", sentryDsn: "https://0123456789abcdef@sentry.example.com/42" },
  ],
  [
    "debug logs of a client's key",
    {
      clientCertificate: readCertificate("client.pem"),
      clientKey: readCertificate("client.key"),
    },
    { logLevel: "debug" },
  ],
  [
    "a large reservation",
    { "resources.limits.memory": "512m" },
    { "resources.reservations.memory": "1g" },
  ],
  [
    "a large reservation of CPUs",
    { "resources.reservations.cpus": 2 },
    { "resources.limits.cpus": 1 },
  ],
  ["a small limit of memory", { "resources.limits.memory": "39m" }, {}],
  ["an old base image", { baseImage: "gitlab/gitlab-runner:v18.0.0" }, { prepareTimeout: "1h" }],
  ["a network twice", { networks: ["proxy"] }, { network: "proxy" }],
  ["a mount over the engine's socket", { mounts: ["/srv/sock:/var/run/docker.sock"] }, {}],
  [
    "a mount at the folder of logins",
    { jobRegistries: { "registry.example.com": { username: "ci", password: "0123456789abcdef" } } },
    { mounts: ["/srv:/root/.docker"] },
  ],
  ["an internal network", { network: { internal: true } }, {}],
  ["an engine without certificates", { "docker.host": "tcp://10.0.0.1:2376" }, {}],
  ["certificates without an engine", { ...TLS_SETTINGS }, {}],
  [
    "a broken certificate",
    {
      "docker.hostCa": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    },
    {},
  ],
  [
    "a broken key",
    {
      clientCertificate: readCertificate("client.pem"),
      clientKey: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    },
    {},
  ],
  ["half of a client's certificate", { clientCertificate: readCertificate("client.pem") }, {}],
  [
    "a CA for a GitLab without TLS",
    { caCertificate: readCertificate("ca.pem"), gitlabUrl: "http://gitlab.example.com" },
    {},
  ],
  ["the certificate of a server", { caCertificate: readCertificate("server.pem") }, {}],
  ["hosts without a proxy", { "proxy.noProxy": [".example.com"] }, {}],
  [
    "a proxy that GitLab does not use",
    { "proxy.http": "http://proxy.example.com:3128", gitlabUrl: "https://gitlab.example.com" },
    {},
  ],
  ["cache settings without a type", { "cache.path": "ci" }, {}],
  ["another type of cache", S3, { "cache.gcs.bucketName": "abc" }],
  ["no bucket", { "cache.type": "s3" }, {}],
  ["half of a key pair", { ...S3, "cache.s3.accessKey": "AKIAIOSFODNN7EXAMPLE" }, {}],
  ["missing keys", { ...S3, "cache.s3.authenticationType": "access-key" }, {}],
  ["a KMS key", { ...S3, "cache.s3.serverSideEncryptionKeyId": "1" }, {}],
  ["path style", { ...S3, "cache.s3.pathStyle": true }, { "cache.s3.accelerate": true }],
  ["a server without keys", { ...S3, "cache.s3.serverAddress": "minio.example.com" }, {}],
  [
    "a host with the bucket",
    { ...S3, "cache.s3.serverAddress": "abc.s3.amazonaws.com" },
    { "cache.s3.bucketName": "abc" },
  ],
  [
    "a host with the account",
    { "cache.type": "azure", "cache.azure.storageDomain": "abc.blob.core.windows.net" },
    { "cache.azure.accountName": "abc" },
  ],
  [
    "a bucket of S3 Express One Zone",
    { ...S3, "cache.s3.bucketName": "cache--use1-az4--x-s3" },
    { "cache.s3.roleArn": `${ROLE}a` },
  ],
  [
    "acceleration without Amazon",
    { ...S3, "cache.s3.serverAddress": "minio.example.com" },
    { "cache.s3.accelerate": true },
  ],
  [
    "two roles",
    { ...S3, "cache.s3.uploadRoleArn": `${ROLE}a` },
    { "cache.s3.roleArn": `${ROLE}b` },
  ],
  [
    "a pull policy",
    { "docker.pullPolicy": "always" },
    { "docker.allowedPullPolicies": ["never", "if-not-present"] },
  ],
  ["the default image", { jobImage: "debian:12" }, { "docker.allowedImages": ["alpine:*"] }],
  ["a service", { "docker.services": service() }, { "docker.allowedServices": ["mysql:*"] }],
  [
    "a flavor and an image of the helper",
    { "docker.helperImage": "helper:1", "docker.helperImageFlavor": "ubuntu" },
    {},
  ],
  [
    "a limit of a disk on another machine",
    { "docker.imageDiskLimit": 85 },
    { "docker.host": "tcp://10.0.0.1:2376", ...TLS_SETTINGS },
  ],
  ["a limit of services", { "docker.servicesLimit": 0 }, { "docker.services": service() }],
  [
    "entry points",
    { "docker.services": service({ entrypoint: ["sh"] }) },
    { "docker.disableEntrypointOverwrite": true },
  ],
  ["an unused folder", { "docker.disableCache": true }, { "docker.cacheDir": "/srv" }],
  [
    "a limit of swap",
    { "docker.memory": "1g", "docker.memorySwap": "2g" },
    { "docker.memory": "4g" },
  ],
  ["a tmpfs over working trees", { "docker.tmpfs": { "/b": "" } }, { buildsDir: "/b" }],
  ["a tmpfs", { "docker.tmpfs": { "/a": "" } }, { "docker.volumes": ["/a"] }],
  ["a network of all jobs", { "docker.networkMode": "ci" }, PER_BUILD],
  ["an MTU without its network", { ...PER_BUILD, "docker.networkMtu": 1400 }, { featureFlags: {} }],
  ["a small MTU", { ...PER_BUILD, "docker.networkMtu": 1000 }, { "docker.enableIpv6": true }],
  [
    "parameters of the node's network",
    { "docker.sysctls": { "net.core.somaxconn": "1024" } },
    { "docker.networkMode": "host" },
  ],
  ["a user", { "docker.user": "1000" }, { "docker.allowedUsers": ["2000"] }],
  ["a capability", { "docker.capAdd": ["NET_ADMIN"] }, { "docker.capDrop": ["NET_ADMIN"] }],
  [
    "privileged images",
    { "docker.privileged": true, "docker.allowedPrivilegedImages": ["docker:*"] },
    { "docker.privileged": false },
  ],
  ["useless capabilities", { "docker.privileged": true }, { "docker.capAdd": ["NET_ADMIN"] }],
  ["root jobs", { "docker.privileged": true }, {}],
  ["GPUs", { "docker.gpus": "all" }, {}],
  ["the file of a profile", { "docker.securityOpt": ["seccomp=/etc/profile.json"] }, {}],
  ["options without a log driver", { "logDriver.options": { "max-size": "10m" } }, {}],
  ["a log driver without its address", { "logDriver.name": "gelf" }, {}],
  [
    "an option of another log driver",
    { "logDriver.name": "journald", "logDriver.options": { "max-size": "10m" } },
    {},
  ],
];

/** Reads a pool named `b` and what it inherits. */
function readB(top: Flat, pool: Flat): ParsedSettings {
  const config = Object.entries(nest(top) as Flat).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { parsed, problems } = readTopLevel(
    Object.fromEntries(config) as Record<string, string>,
    {},
  );
  const additional = readPools(JSON.stringify({ b: nest(pool) }), parsed);
  expect([...problems, ...additional.problems]).toEqual([]);
  const [b] = additional.pools;
  if (b === undefined) throw new Error("The pool is missing.");
  return b.parsed;
}

/** Returns the messages of each rule about a pool. */
function checkEach(parsed: ParsedSettings): readonly (readonly string[])[] {
  const input = toRuleInput(parsed);
  return ALL_RULES.map((rule) => {
    const { problems = [], warnings = [] } = rule(input);
    return [...problems, ...warnings].map((text) => explainInheritance(text, parsed));
  });
}

/** Lists the inherited settings that a message names. */
function listInherited(message: string, { origins }: ParsedSettings): readonly SettingKey[] {
  return SETTING_KEYS.filter(
    (key) =>
      settingOf(key).scope !== "stack" &&
      origins.get(key)?.path === key &&
      message.includes(`\`${key}\``),
  );
}

describe("an additional pool", () => {
  it.each<[string, Flat, Flat, unknown, unknown]>([
    ["the number into a global pool", { replicas: 5 }, { mode: "global" }, "global", undefined],
    ["the mode into a pool with its own number", { mode: "global" }, { replicas: 3 }, undefined, 3],
  ])("does not inherit %s", (_title, top, own, mode, replicas) => {
    const { values } = readB(top, own);
    expect([values.mode, values.replicas]).toEqual([mode, replicas]);
    expect(checkEach(readB(top, own)).flat()).toEqual([]);
  });

  it("does not inherit a limit per node or a spread into a global pool", () => {
    const top = { "placement.maxPerNode": 1, "placement.spread": ["node.labels.zone"] };
    const { values } = readB(top, { mode: "global" });
    expect([values["placement.maxPerNode"], values["placement.spread"]]).toEqual([
      undefined,
      undefined,
    ]);
    expect(readB(top, {}).values["placement.maxPerNode"]).toBe(1);
  });

  it.each<[string, Flat, Flat, unknown, unknown]>([
    ["a number", { replicas: 5 }, { mode: "replicated" }, "replicated", 5],
    ["the mode", { mode: "global" }, { concurrent: 2 }, "global", undefined],
    ["the mode instead of a number", { mode: "global" }, { replicas: null }, "global", undefined],
  ])("inherits %s", (_title, top, own, mode, replicas) => {
    const { values } = readB(top, own);
    expect([values.mode, values.replicas]).toEqual([mode, replicas]);
  });
});

describe("a rule that an inherited setting breaks", () => {
  it.each(CASES)("advises to set null for the pool, which solves it: %s", (_title, top, pool) => {
    const parsed = readB(top, pool);
    const broken = checkEach(parsed);
    expect(broken.flat()).not.toEqual([]);
    broken.forEach((messages, index) => {
      for (const message of messages) {
        const keys = listInherited(message, parsed);
        const advice = message.split(" for this pool only, set ")[1] ?? "";
        expect(keys.filter((key) => !advice.includes(`\`pools.b.${key}\``))).toEqual([]);
        if (keys.length === 0) continue;
        const nulls = Object.fromEntries(keys.map((key) => [key, null]));
        const after = checkEach(readB(top, { ...pool, ...nulls }))[index] ?? [];
        expect(after.filter((text) => keys.some((key) => text.includes(`\`${key}\``)))).toEqual([]);
      }
    });
  });

  it("is in the table above for every rule", () => {
    const broken = new Set(
      CASES.flatMap(([, top, pool]) =>
        checkEach(readB(top, pool)).flatMap((messages, index) =>
          messages.length > 0 ? [index] : [],
        ),
      ),
    );
    const names = ALL_RULES.map((rule, index) => `${index} ${rule.name}`);
    expect(names.filter((_name, index) => !broken.has(index))).toEqual([]);
  });
});
