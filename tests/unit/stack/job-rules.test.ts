import { describe, expect, it } from "@jest/globals";
import { readCertificate } from "../../support/gitlab-certificates";
import { CONFIG, problemsOf, warningsOf } from "./read";

/** Stack config with values that are objects, as Pulumi passes them. */
function sources(settings: Readonly<Record<string, unknown>>, env: Record<string, string> = {}) {
  const values = Object.entries(settings).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { config: { ...CONFIG, ...Object.fromEntries(values) }, env };
}

const problems = (settings: Readonly<Record<string, unknown>>) => problemsOf(sources(settings));
const warnings = (settings: Readonly<Record<string, unknown>>) => warningsOf(sources(settings));

describe("the rules between settings of jobs", () => {
  it("reject a variable that is set twice, and name both settings as the user wrote them", () => {
    const settings = { environment: { A: "1" }, secretEnvironment: { A: "12345678" } };
    expect(problems(settings)).toEqual([
      "`environment` and `secretEnvironment` must not both set A: remove the variable from one of them",
    ]);
    const env = { RUNNER_ENVIRONMENT: "A=1" };
    expect(problemsOf(sources({ secretEnvironment: { A: "12345678" } }, env))).toEqual([
      "RUNNER_ENVIRONMENT (`environment`) and `secretEnvironment` must not both set A: remove the variable from one of them",
    ]);
  });

  it("never show the values of variables and scripts", () => {
    const settings = {
      environment: { A: "glpat-0123456789abcdefghij" },
      secretEnvironment: { B: "short" },
      preBuildScript: "curl -H 'PRIVATE-TOKEN: glpat-0123456789abcdefghij'",
      featureFlags: { FF_TIMESTAMP: true },
    };
    const found = problems(settings).join("\n");
    expect(found).not.toMatch(/glpat|short\b(?!er)/);
    expect(problems(settings)).toHaveLength(4);
    expect(found).toContain("did you mean FF_TIMESTAMPS?");
    expect(found).toContain("`preBuildScript` must not contain a GitLab token");
  });

  it("reject variables and scripts that are stored as secrets, because the service shows them", () => {
    const given = sources({ environment: { A: "hidden" }, preBuildScript: "true" });
    const secretKeys = ["environment", "token", "secretEnvironment"];
    expect(problemsOf({ ...given, secretKeys })).toEqual([
      "`environment` must not be a secret in the stack config, because everybody who can inspect the service can read it: move secret values to `secretEnvironment`, and set `environment` without --secret",
    ]);
    expect(problemsOf({ ...given, secretKeys: ["preBuildScript"] })).toHaveLength(1);
    expect(problemsOf({ ...given, secretKeys: ["token"] })).toEqual([]);
  });

  it("reject the same in an additional pool, and name its setting", () => {
    const pools = {
      big: { environment: { A: "hidden" }, preBuildScript: "true" },
      small: { environment: { A: "hidden" } },
    };
    const given = { ...sources({ pools }), secretKeys: ["pools"] };
    const problemsWith = (...paths: readonly string[]) =>
      problemsOf({ ...given, readSecretPaths: () => paths });
    expect(problemsWith("pools.big.token", "pools.big.environment.A")).toEqual([
      "`pools.big.environment` must not be a secret in the stack config, because everybody who can inspect the service can read it: move secret values to `pools.big.secretEnvironment`, and set `pools.big.environment` without --secret",
    ]);
    expect(problemsWith("pools.big.preBuildScript", "pools.small.environment")).toHaveLength(2);
    expect(problemsWith("pools.big.token", "pools.big.environments.A", "pools")).toEqual([]);
  });

  it("reject the same in a service, unless only another setting in the object is a secret", () => {
    const services = [{ name: "postgres:17", environment: { A: "hidden" } }];
    const given = { ...sources({ docker: { services } }), secretKeys: ["docker"] };
    const problemsWith = (path: string) => problemsOf({ ...given, readSecretPaths: () => [path] });
    expect(problemsWith("docker.services.0.environment.A")).toEqual([
      expect.stringMatching(
        /^`docker\.services` must not be a secret .* move secret values to `secretEnvironment`, and set `docker\.services` without --secret$/,
      ),
    ]);
    expect(problemsWith("docker.hostKey")).toEqual([]);
  });

  it("report a secret that additional pools inherit once", () => {
    const given = sources({ environment: { A: "hidden" }, pools: { big: {}, small: {} } });
    expect(problemsOf({ ...given, secretKeys: ["environment"] })).toHaveLength(1);
  });

  it.each([
    [{ prepareTimeout: "11m" }, "baseImage", "gitlab/gitlab-runner:v18.11.3", "19.0"],
    [
      { getSourcesTimeout: "11m" },
      "baseImage",
      "registry.example.com:5000/r:alpine-v19.0.2",
      "19.1",
    ],
  ])("reject %j with an older gitlab-runner", (settings, key, image, version) => {
    expect(problems({ ...settings, [key]: image })[0]).toContain(
      `requires gitlab-runner ${version}, but \`baseImage\` (${image}) is older`,
    );
    expect(problems({ ...settings, [key]: "gitlab/gitlab-runner:v19.1.0" })).toEqual([]);
    expect(problems({ ...settings, [key]: "gitlab/gitlab-runner:latest" })).toEqual([]);
  });

  it("reject a clone URL that leads to the job's own container", () => {
    expect(problems({ cloneUrl: "http://localhost:8080" })[0]).toMatch(
      /^`cloneUrl` \(http:\/\/localhost:8080\) must not be a loopback address/,
    );
  });

  it("reject custom folders for concurrent jobs of the shell executor", () => {
    const settings = { executor: "shell", customBuildDir: true, concurrent: 2 };
    expect(problems(settings)[0]).toMatch(
      /^`customBuildDir` \(true\) requires `concurrent` \(2\) to be 1 with `executor` \(shell\)/,
    );
    expect(problems({ ...settings, concurrent: 1 })).toEqual([]);
    expect(problems({ ...settings, executor: "docker" })).toEqual([]);
    expect(problems({ ...settings, customBuildDir: false })).toEqual([]);
  });

  it("reject more open requests than a replica has workers", () => {
    expect(problems({ requestConcurrency: 4, concurrent: 2 })).toEqual([
      "`requestConcurrency` (4) must be at most 3, which is `concurrent` (2) + 1: lower it",
    ]);
    expect(problems({ requestConcurrency: 2 })).toEqual([]);
  });

  it("warn of a stage that may take longer than the job", () => {
    const { token, ...rest } = CONFIG;
    const config = { ...rest, runnerScope: "instance", maximumTimeout: "30m" };
    const read = (prepareTimeout: string) =>
      warningsOf({ config: { ...config, prepareTimeout }, env: { GITLAB_TOKEN: token } });
    expect(read("1h")).toEqual([
      "`prepareTimeout` (1h) is longer than `maximumTimeout` (30m) and has no effect: lower `prepareTimeout`.",
    ]);
    expect(read("30m")).toEqual([]);
  });

  it("warn of more than 50 job requests per second", () => {
    expect(warnings({ replicas: 300 })[0]).toBe(
      "`replicas` (300) and the default `checkInterval` (3s) make about 100 job requests per second: raise `checkInterval` to at least 6s.",
    );
    expect(warnings({ replicas: 60, checkInterval: "1s" })[0]).toContain("`checkInterval` (1s)");
    expect(warnings({ replicas: 300, checkInterval: "6s" })).toEqual([]);
  });

  it("warn of a checkInterval that is not shorter than onlineTimeout", () => {
    expect(warnings({ checkInterval: "10m" })).toEqual([
      "`checkInterval` (10m) is not shorter than the default `onlineTimeout` (2m): if the first job request of a replica fails, `pulumi up` fails before the second one: raise `onlineTimeout` above the interval, or lower the interval.",
    ]);
    expect(warnings({ checkInterval: "3m", onlineTimeout: "3m" })[0]).toMatch(
      /^`checkInterval` \(3m\) is not shorter than `onlineTimeout` \(3m\): /,
    );
    expect(warnings({ checkInterval: "10m", onlineTimeout: "0s" })).toEqual([]);
    expect(warnings({ checkInterval: "10m", onlineTimeout: "11m" })).toEqual([]);
    expect(warnings({ onlineTimeout: "2s" })).toEqual([]);
  });

  it("warn of working trees in a folder or volume of the node", () => {
    const docker = { volumes: ["/cache", "/srv/ci:/builds"] };
    expect(warnings({ docker })[0]).toMatch(
      /^`docker\.volumes` .* puts the working trees in \/builds into a folder or volume of the node/,
    );
    expect(warnings({ docker: { volumes: ["builds:/builds"] } })[0]).toContain('"builds:/builds"');
    expect(warnings({ docker, buildsDir: "/work" })).toEqual([]);
    expect(warnings({ docker: { volumes: ["/builds"] } })).toEqual([]);
  });

  it("warn of variables of services that look secret, and never show their values", () => {
    const environment = { POSTGRES_PASSWORD: "hunter2pass", POSTGRES_DB: "ci", TOKEN: "$CI_TOKEN" };
    const postgres = { name: "postgres:17", environment };
    expect(warnings({ docker: { services: [postgres] } })).toEqual([
      "`docker.services` sets POSTGRES_PASSWORD for postgres:17, whose values are readable in the stack's config, state and diffs: move secrets to `secretEnvironment`, whose variables services also get.",
    ]);
    expect(problems({ docker: { services: [postgres, { nam: "a" }] } })).toEqual([
      "`docker.services` must not contain invalid entries: [1].nam is not a known field: did you mean name?",
    ]);
  });

  it("warn of a debug log, of experimental flags and of variables that look secret", () => {
    const found = warnings({
      logLevel: "debug",
      featureFlags: { FF_CONCRETE: true, FF_PRINT_POD_EVENTS: true },
      environment: { DB_PASSWORD: "hunter22", CI_DEBUG_TRACE: "true" },
    });
    expect(found).toHaveLength(5);
    expect(found.join("\n")).not.toContain("hunter22");
    expect(found).toContain(
      "`logLevel` is debug: gitlab-runner then logs job tokens and variables of jobs, for everybody who can read the service's log: use info except to look for a fault.",
    );
  });

  it("reject the path of a script, and a number that may lose digits", () => {
    expect(problems({ preBuildScript: "@pre.sh", environment: { A: 1.5 } })).toEqual([
      '`environment` must have string values; put the value of "A" in quotes, because a decimal or large number may lose digits',
      '`preBuildScript` must be the text of a script, such as "$(cat PATH)" in a shell, not @PATH: correct it with `pulumi config set preBuildScript …`',
    ]);
  });

  it("reject a debug log that would contain secrets, and never show them", () => {
    const secretEnvironment = { DB_PASSWORD: "hunter22" };
    const sentryDsn = "https://0123456789abcdef@sentry.example.com/42";
    expect(problems({ logLevel: "debug", secretEnvironment, sentryDsn })).toEqual([
      "`logLevel` (debug) must not be set together with `secretEnvironment` and `sentryDsn`, because gitlab-runner then writes the secret values to the service's log: unset `secretEnvironment` and `sentryDsn` while you look for a fault, or use info",
    ]);
    expect(problems({ logLevel: "debug", sentryDsn })[0]).toMatch(
      /^`logLevel` \(debug\) must not be set together with `sentryDsn`, because/,
    );
    expect(problems({ logLevel: "info", secretEnvironment, sentryDsn })).toEqual([]);
    const clientKey = readCertificate("client.key");
    const client = { clientCertificate: readCertificate("client.pem"), clientKey };
    expect(problems({ logLevel: "debug", ...client })).toEqual([
      "`logLevel` (debug) must not be set together with `clientKey`, because gitlab-runner then writes the secret values to the service's log: unset `clientKey` while you look for a fault, or use info",
    ]);
    expect(problems({ logLevel: "info", ...client })).toEqual([]);
  });
});
