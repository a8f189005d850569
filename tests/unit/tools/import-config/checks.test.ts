import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { importConfig, readImported, secretsIn } from "../../../support/import-config";

const RUNNER = `[[runners]]
name = "builds"
url = "https://gitlab.example.com"
token = "glrt-t1_0123456789"
executor = "docker"
`;
const SECOND = RUNNER.replace("builds", "big").replace("t1_", "t2_");

/** Returns the lines of the comment below a heading. */
function linesBelow(printed: string, heading: string): readonly string[] {
  const [, lines = ""] = printed.split(`# ${heading}\n`);
  return (
    lines
      .split("\n\n")[0]
      ?.split("\n")
      .map((line) => line.replace(/^# {3}/, "")) ?? []
  );
}

const rejections = (printed: string) =>
  linesBelow(printed, "`pulumi up` rejects this config, so you must correct:").filter(
    (line) => line !== "",
  );

describe("a config that `pulumi up` rejects", () => {
  it.each([
    [
      "settings that contradict each other",
      `${RUNNER}[runners.docker]\nmemory = "4g"\nmemory_swap = "2g"`,
      "`docker.memorySwap` (2g) must be at least `docker.memory` (4g), because it limits memory and swap together",
    ],
    [
      "a policy that is not allowed",
      `${RUNNER}[runners.docker]\npull_policy = ["always", "never"]\nallowed_pull_policies = ["always"]`,
      "`docker.pullPolicy` (always,never) must only have policies of `docker.allowedPullPolicies` (always): add never to `docker.allowedPullPolicies`, or change `docker.pullPolicy`",
    ],
    [
      "half of a cache's settings",
      `${RUNNER}[runners.cache]\nType = "s3"\n[runners.cache.s3]\nSecretKey = "0123456789"`,
      "`cache.type` (s3) requires `cache.s3.bucketName`: set it",
    ],
    [
      "a setting of a pool",
      `${RUNNER}${SECOND}[runners.docker]\nuser = "1000"\nallowed_users = ["2000"]`,
      "`pools.big.docker.user` (1000) must be one of `pools.big.docker.allowedUsers` (2000) in the same form, or every job fails: add it to `pools.big.docker.allowedUsers`, or change `pools.big.docker.user`",
    ],
    [
      "an engine without TLS",
      `${RUNNER}[runners.docker]\nhost = "tcp://docker.example.com:2375"`,
      "`docker.host` (tcp://docker.example.com:2375) needs `docker.hostCa`, `docker.hostCert` and `docker.hostKey`: without certificates of both sides, everybody who reaches the engine's port is root on its machine",
    ],
    [
      "a secret that is too short",
      `${RUNNER}environment = ["DB_PASSWORD=ci!"]`,
      "`secretEnvironment` must have values of at least 8 characters, and the value of DB_PASSWORD is shorter: use a longer secret; a value that is not secret belongs in `environment`",
    ],
    [
      "a runner without a URL",
      '[[runners]]\ntoken = "glrt-t1_0123456789"\nexecutor = "docker"',
      "`gitlabUrl` is required: run `pulumi config set gitlabUrl https://gitlab.example.com` or set RUNNER_CI_URL",
    ],
    [
      "an unknown key in a list of the template",
      `${RUNNER}[[runners.monitoring.job_queuing_durations]]\nPeriods = ["* * * * *"]\nthreshhold = "5m"`,
      "`configTemplate` line 4 sets runners.monitoring.job_queuing_durations.threshhold, which gitlab-runner does not know: did you mean runners.monitoring.job_queuing_durations.threshold?",
    ],
  ])("is printed with the reason: %s", async (_name, toml, reason) => {
    const { code, printed } = await importConfig(toml);
    expect(printed).toMatch(/^config:/);
    expect(rejections(printed)).toContain(reason);
    expect(code).toBe(1);
  });

  it("is not reported if the user sets the missing values with the printed commands", async () => {
    const { code, printed } = await importConfig(
      `${RUNNER}[runners.docker]\nhost = "tcp://docker.example.com:2376"\ntls_verify = true\ntls_cert_path = "/etc/my certs/"\n${SECOND}[runners.docker]\nhost = "tcp://docker.example.com:2376"\ntls_cert_path = "/certs"`,
    );
    expect(
      linesBelow(printed, "Set these with commands that read the files of the old machine:"),
    ).toEqual([
      "pulumi config set --path docker.hostCa -- \"$(cat '/etc/my certs/ca.pem')\"",
      "pulumi config set --path docker.hostCert -- \"$(cat '/etc/my certs/cert.pem')\"",
      "pulumi config set --secret --path docker.hostKey < '/etc/my certs/key.pem'",
      'pulumi config set --path pools.big.docker.hostCa -- "$(cat /certs/ca.pem)"',
      'pulumi config set --path pools.big.docker.hostCert -- "$(cat /certs/cert.pem)"',
      "pulumi config set --secret --path pools.big.docker.hostKey < /certs/key.pem",
    ]);
    expect(rejections(printed)).toEqual([]);
    expect(code).toBe(0);
  });

  it("prints commands for the certificates of a GitLab with a private CA", async () => {
    const { code, printed } = await importConfig(
      `${RUNNER}tls-ca-file = "/etc/gitlab-runner/certs/gitlab.example.com.crt"\ntls-cert-file = "/certs/runner.crt"\ntls-key-file = "/certs/runner.key"\n`,
    );
    expect(
      linesBelow(printed, "Set these with commands that read the files of the old machine:"),
    ).toEqual([
      'pulumi config set caCertificate -- "$(cat /etc/gitlab-runner/certs/gitlab.example.com.crt)"',
      'pulumi config set clientCertificate -- "$(cat /certs/runner.crt)"',
      "pulumi config set --secret clientKey < /certs/runner.key",
    ]);
    expect(rejections(printed)).toEqual([]);
    expect(code).toBe(0);
  });

  it("is not reported for the template, whose names get gitlab-runner's own case", async () => {
    const { code, printed } = await importConfig(
      `${RUNNER}Cache_Dir = "/x"\n[[runners.Monitoring.Job_Queuing_Durations]]\nPeriods = ["* * * * *"]\nThreshold = "5m"`,
    );
    const result = readImported(printed, () => "glrt-t1_0123456789");
    expect("problems" in result ? result.problems : []).toEqual([]);
    expect(printed).toContain('threshold = "5m"');
    expect(code).toBe(0);
  });
});

describe("keys that are one setting here", () => {
  it.each([
    ["after", "ServerAddress", "Insecure"],
    ["before", "Insecure", "ServerAddress"],
  ])("join Insecure %s the address of an S3 server", async (_name, ...order) => {
    const lines = { ServerAddress: '"minio.example.com:9000"', Insecure: "true" };
    const keys = order.map((key) => `${key} = ${lines[key as keyof typeof lines]}`).join("\n");
    const { code, printed } = await importConfig(
      `${RUNNER}[runners.cache]\nType = "s3"\nShared = true\n[runners.cache.s3]\nBucketName = "cache"\n${keys}`,
    );
    expect(printed).toContain("      serverAddress: http://minio.example.com:9000\n");
    expect(printed).not.toContain("Insecure");
    expect(code).toBe(0);
  });

  it("leave an address with TLS as it is", async () => {
    const { printed } = await importConfig(
      `${RUNNER}[runners.cache]\nType = "s3"\n[runners.cache.s3]\nBucketName = "cache"\nServerAddress = "s3.example.com"\nInsecure = false`,
    );
    expect(printed).toContain("      serverAddress: s3.example.com\n");
  });

  it("ask for the key of a service account, in its file or in two parts", async () => {
    const cache = `${RUNNER}[runners.cache]\nType = "gcs"\nShared = true\n[runners.cache.gcs]\nBucketName = "cache"\n`;
    const file = await importConfig(`${cache}CredentialsFile = "/etc/key.json"\nAccessID = "a@b"`);
    expect(file.printed).toContain(
      "#   pulumi config set --secret --path cache.gcs.credentials < /etc/key.json\n",
    );
    expect(secretsIn(file.printed)).toEqual(["token"]);
    const parts = await importConfig(
      `${cache}AccessID = "a@b"\nPrivateKey = "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n"`,
    );
    expect(secretsIn(parts.printed)).toEqual(["token", "cache.gcs.credentials"]);
    expect(parts.printed).toContain("AccessID is its client_email");
    expect([file.code, parts.code]).toEqual([0, 0]);
  });
});

describe("what an import changes", () => {
  const differences = async (toml: string) =>
    linesBelow((await importConfig(toml)).printed, "Imported, but different:");
  const CACHE = `${RUNNER}[runners.cache]\nType = "s3"\n`;
  const BUCKET = '[runners.cache.s3]\nBucketName = "cache"';

  it("includes the paths of caches if the file does not say that they are shared", async () => {
    expect(await differences(`${CACHE}${BUCKET}`)).toEqual([
      "line 7: runners.cache has no Shared, which is false by default, but `cache.shared` is true by default and leads to other paths in the bucket. Jobs do not find their old caches, and create new ones. To keep the old paths, set `cache.shared` to false",
    ]);
  });

  it.each([
    ["it says so", `${CACHE}Shared = true\n${BUCKET}`],
    ["it says the opposite", `${CACHE}Shared = false\n${BUCKET}`],
    ["it has no cache in object storage", `${RUNNER}[runners.cache]\n[runners.cache.s3]\n`],
  ])("does not include the paths of caches if %s", async (_name, toml) => {
    const { printed } = await importConfig(toml);
    expect(printed).not.toContain("Imported, but different:");
    expect(printed.includes("shared: false")).toBe(toml.includes("Shared = false"));
  });

  it("includes where the jobs of the shell executor run", async () => {
    const lines = await differences(
      `${RUNNER.replace('"docker"', '"shell"')}[runners.docker]\nimage = "a"`,
    );
    expect(lines).toEqual([
      expect.stringMatching(
        /^line 1: jobs of the shell executor run inside the replica's container/,
      ),
    ]);
  });

  it("includes dollar signs in secret variables", async () => {
    expect(await differences(`${RUNNER}environment = ["DB_PASSWORD=pa$$word-1"]`)).toEqual([
      "line 6: runners.environment: DB_PASSWORD has a dollar sign. In `secretEnvironment`, write $ instead of $$, and no references such as $NAME",
    ]);
  });
});

describe("the limits of jobs", () => {
  it.each([
    ["concurrent = 8\n", "limit = 3\n", 3],
    ["concurrent = 8\n", "limit = 1\n", undefined],
    ["concurrent = 8\n", "limit = 0\n", 8],
    ["concurrent = 8\n", "limit = 20\n", 8],
    ["", "limit = 3\n", undefined],
  ])("%j and %j become `concurrent`: %s", async (concurrent, limit, expected) => {
    const { printed } = await importConfig(`${concurrent}${RUNNER}${limit}`);
    const { config } = parse(printed) as { readonly config: Readonly<Record<string, unknown>> };
    expect(config["gitlab-runner-pool:concurrent"]).toBe(expected);
  });

  it.each([
    [
      "limit = 3\n",
      "#   line 7: runners.limit (3) becomes `concurrent`, because a replica has one runner. With 2 replicas, up to 6 jobs run at once. Before, this runner ran at most 3, and all runners together 8\n",
    ],
    [
      "limit = 8\n",
      "# Not imported:\n#   line 7: runners.limit: It does not lower `concurrent`.\n",
    ],
  ])("say what happens to %j", async (limit, note) => {
    const { printed } = await importConfig(`concurrent = 8\n${RUNNER}${limit}`);
    expect(printed).toContain(note);
  });

  it("become those of each pool", async () => {
    const { printed } = await importConfig(`concurrent = 8\n${RUNNER}${SECOND}limit = 1\n`);
    const { config } = parse(printed) as { readonly config: Readonly<Record<string, unknown>> };
    expect(config).toMatchObject({
      "gitlab-runner-pool:concurrent": 8,
      "gitlab-runner-pool:pools": { big: { concurrent: 1 } },
    });
    expect(printed).toContain("# In the file, it limited all runners together.");
  });
});

describe("values in another form", () => {
  it("accepts variables in any order, and reports only those without a valid name", async () => {
    const { printed } = await importConfig(
      `${RUNNER}environment = ["B=2", "A=1", "no name", "1C=3"]`,
    );
    expect(printed).toContain('environment:\n    B: "2"\n    A: "1"\n');
    expect(linesBelow(printed, "Problems, which you must solve:")).toEqual(
      [3, 4].map((entry) =>
        expect.stringMatching(
          `^line 6: runners.environment: entry ${entry} of 4 must be NAME=VALUE`,
        ),
      ),
    );
  });

  it("takes the last one of several variables with one name, as gitlab-runner does", async () => {
    const { code, printed } = await importConfig(
      `${RUNNER}environment = ["B=2", "DB_PASSWORD=abcdefgh12", "B=1", "DB_PASSWORD=$B"]`,
    );
    expect(printed).toContain('environment:\n    B: "1"\n    DB_PASSWORD: $B\n');
    expect(secretsIn(printed)).toEqual(["token"]);
    expect(code).toBe(0);
  });

  it("accepts a service's variables in any order, and reports only the invalid ones", async () => {
    const { printed } = await importConfig(
      `${RUNNER}[[runners.docker.services]]\nname = "postgres:17"\nenvironment = ["Z=1", "no name", "A=2", "Z=3"]`,
    );
    const { config } = parse(printed) as { readonly config: Readonly<Record<string, unknown>> };
    expect(config["gitlab-runner-pool:docker"]).toEqual({
      services: [{ name: "postgres:17", environment: { A: "2", Z: "3" } }],
    });
    expect(linesBelow(printed, "Problems, which you must solve:")).toEqual([
      "line 6: runners.docker.services.environment: entry 2 of 4 must be NAME=VALUE, with a name of letters, digits and underscores that does not start with a digit: set it in `docker.services` yourself",
    ]);
  });

  it("accepts gitlab-runner's other name for a log level", async () => {
    const { printed } = await importConfig(`log_level = "Warning"\n${RUNNER}`);
    expect(printed).toContain("gitlab-runner-pool:logLevel: warn\n");
  });
});
