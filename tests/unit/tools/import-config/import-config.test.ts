import { describe, expect, it } from "@jest/globals";
import { runImportConfig } from "../../../../tools/import-config/command";
import { importConfig, readImported, secretsIn } from "../../../support/import-config";
import { memoryIo } from "../../../support/memory-io";

const URL = 'url = "https://gitlab.example.com"';
const DOCKER = `[[runners]]\nname = "builds"\n${URL}\ntoken = "glrt-t1_0123456789"\nexecutor = "docker"\n`;
const SHELL = `[[runners]]\nname = "Deploy (prod)"\n${URL}\ntoken = "glrt-t2_0123456789"\nexecutor = "shell"\n`;

/** Reads the printed config with all secrets set to a token. @throws Error if it is invalid */
function settingsOf(printed: string) {
  const result = readImported(printed, () => "glrt-t1_9876543210");
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  return result.settings;
}

describe("npm run import-config", () => {
  it("prints what has a setting, what goes into the template, and what is dropped", async () => {
    const { code, printed } = await importConfig(`concurrent = 4
shutdown_timeout = 30
${DOCKER}limit = 3
[runners.docker]
privileged = true
hostname = "ci"
`);
    expect(printed).toBe(`config:
  gitlab-runner-pool:concurrent: 3
  gitlab-runner-pool:gitlabUrl: https://gitlab.example.com
  gitlab-runner-pool:docker:
    privileged: true
  gitlab-runner-pool:configTemplate: |
    [[runners]]
    [runners.docker]
    hostname = "ci"

# Set the secrets with these commands, which ask for the values:
#   pulumi config set --secret token

# Imported, but different:
#   line 8: runners.limit (3) becomes \`concurrent\`, because a replica has one runner. With 2 replicas, up to 6 jobs run at once. Before, this runner ran at most 3, and all runners together 4

# Not imported:
#   line 2: shutdown_timeout: A forced stop has a fixed limit. For a normal stop, set \`drainTimeout\`.
#   line 4: runners.name: It consists of \`runnerName\` and the replica's slot in Swarm.

# \`concurrent\` is the limit of each replica, and a pool has 2 replicas unless you set \`replicas\`.
# A stack also needs \`registry.address\`. docs/settings.md lists all settings.
`);
    expect(code).toBe(0);
  });

  it("omits the values that gitlab-runner writes for missing keys", async () => {
    const { code, printed } = await importConfig(`check_interval = 0
${DOCKER}token_expires_at = 0001-01-01T00:00:00Z
[runners.custom_build_dir]
[runners.cache]
MaxUploadedArchiveSize = 0
[runners.cache.s3]
[runners.docker]
tls_verify = false
oom_kill_disable = false
shm_size = 0
network_mtu = 0
`);
    expect(printed).not.toMatch(/cache|tls_verify|oom|shm|mtu|configTemplate|expires|Problems/);
    expect(code).toBe(0);
  });

  it("turns each further runner into an additional pool", async () => {
    const { code, printed } = await importConfig(
      `concurrent = 4\n${DOCKER}environment = ["A=b"]\n${SHELL}${SHELL}`,
    );
    const { pool, additionalPools } = settingsOf(printed);
    expect(pool.args).toMatchObject({ concurrent: 4, environment: { A: "b" } });
    expect(additionalPools.map(({ name }) => name)).toEqual(["deploy-prod", "deploy-prod-2"]);
    expect(additionalPools[0]?.args).toMatchObject({
      concurrent: 4,
      executor: "shell",
    });
    expect(additionalPools[0]?.args).not.toHaveProperty("environment");
    expect(secretsIn(printed)).toEqual([
      "token",
      "pools.deploy-prod.token",
      "pools.deploy-prod-2.token",
    ]);
    expect(code).toBe(0);
  });

  it("sets what an additional pool must not inherit to null", async () => {
    const { code, printed } = await importConfig(
      `${DOCKER}output_limit = 8192\n${SHELL}environment = []\n`,
    );
    expect(printed).toContain("outputLimit: null\n");
    const { pool, additionalPools } = settingsOf(printed);
    expect(pool.args).toMatchObject({ outputLimit: 8388608 });
    expect(additionalPools[0]?.args).not.toHaveProperty("outputLimit");
    expect(code).toBe(0);
  });

  it("does not print values that an additional pool does not inherit anyway", async () => {
    const cache = (type: string, rest: string) =>
      `[runners.cache]\nType = "${type}"\nShared = true\n${rest}`;
    const s3 = '[runners.cache.s3]\nBucketName = "runner-cache"\nBucketLocation = "eu-west-1"\n';
    const gcs = '[runners.cache.gcs]\nBucketName = "runner-cache"\n';
    const { printed } = await importConfig(
      `${DOCKER}${cache("s3", s3)}${SHELL}${cache("gcs", gcs)}${SHELL}`,
    );
    expect(printed.match(/^.*null$/gm)).toEqual(["        type: null"]);
    const { additionalPools } = settingsOf(printed);
    expect(additionalPools[0]?.args.cache).toEqual({
      type: "gcs",
      shared: true,
      gcs: { bucketName: "runner-cache" },
    });
    expect(additionalPools[1]?.args).not.toHaveProperty("cache");
  });

  it("imports only the runner that --runner names", async () => {
    const { code, printed } = await importConfig(
      `${DOCKER}output_limit = 8192\n${SHELL}`,
      "--runner",
      "Deploy (prod)",
    );
    expect(settingsOf(printed)).toMatchObject({
      pool: { args: { executor: "shell" } },
      additionalPools: [],
    });
    expect(printed).not.toContain("outputLimit");
    expect(code).toBe(0);
  });

  it.each([
    ["kubernetes", 'executor = "kubernetes"', "has the executor kubernetes"],
    ["docker+machine", 'executor = "docker+machine"', "has the executor docker+machine"],
    ["none", "", "has no executor"],
  ])("refuses a runner with another executor: %s", async (_name, line, words) => {
    const { code, printed } = await importConfig(`[[runners]]\nname = "other"\n${line}\n${DOCKER}`);
    expect(printed).toContain(
      `# line 1: the runner "other" ${words}, but a pool runs only docker and shell: it is not imported. To convert its other keys, change its executor to docker in a copy of the file\n`,
    );
    expect(settingsOf(printed).additionalPools).toEqual([]);
    expect(code).toBe(1);
  });

  it.each([
    [
      "a value that the setting rejects",
      `${DOCKER}output_limit = 1`,
      "line 6: runners.output_limit: `outputLimit` must be a size from 1m to 1g, such as 512m or 2g",
    ],
    [
      "a key that gitlab-runner does not know",
      `${DOCKER}[runners.docker]\nhostnam = "a"`,
      "line 7: runners.docker.hostnam is not a key of gitlab-runner: did you mean runners.docker.hostname?",
    ],
    [
      "a value of the wrong type",
      `${DOCKER}[runners.docker]\nhostname = 5`,
      "line 7: runners.docker.hostname must be a string in quotes",
    ],
  ])("reports %s", async (_name, text, problem) => {
    const { code, printed } = await importConfig(text);
    expect(printed).toContain(`# Problems, which you must solve:\n#   ${problem}\n`);
    expect(code).toBe(1);
  });

  it("ignores the case of names, as gitlab-runner does", async () => {
    const { printed } = await importConfig(
      `Concurrent = 3\n${DOCKER}[runners.Docker]\nIMAGE = "a"`,
    );
    expect(settingsOf(printed).pool.args).toMatchObject({ concurrent: 3, jobImage: "a" });
  });

  it("asks for the kind of a token without a known prefix", async () => {
    const { printed } = await importConfig(DOCKER.replace("glrt-t1_0123456789", "abcdefghij"));
    expect(settingsOf(printed).pool.args.tokenKind).toBe("authentication");
  });

  it.each([
    ["an empty file", "", "standard input has no [[runners]]\n"],
    [
      "text that is not TOML",
      "[[runners]]\na = glrt-t1_0123456789",
      /^standard input is not valid TOML: line 2, column \d+: [^\n]*\n$/,
    ],
  ])("fails for %s", async (_name, text, message) => {
    const { code, printed, complained } = await importConfig(text);
    expect(complained).toEqual(
      typeof message === "string" ? message : expect.stringMatching(message),
    );
    expect(complained).not.toContain("glrt-");
    expect([code, printed]).toEqual([2, ""]);
  });

  it.each([
    ["nobody", 'no runner has the name "nobody": the names are "builds", "Deploy (prod)"\n'],
    ["", 'no runner has the name "": the names are "builds", "Deploy (prod)"\n'],
  ])("fails if no runner has the name %j", async (name, message) => {
    const { code, complained } = await importConfig(`${DOCKER}${SHELL}`, "--runner", name);
    expect([code, complained]).toEqual([2, message]);
  });

  it("fails if several runners have the name", async () => {
    const { complained } = await importConfig(`${DOCKER}${DOCKER}`, "--runner", "builds");
    expect(complained).toBe('2 runners have the name "builds": rename them in the file\n');
  });

  it.each([
    ["/nowhere/config.toml", "/nowhere/config.toml does not exist\n"],
    ["/", "/ cannot be read (EISDIR)\n"],
  ])("fails if it cannot read %s", async (file, message) => {
    const io = memoryIo();
    expect(await runImportConfig([file], io)).toBe(2);
    expect(io.complained()).toBe(message);
  });
});
