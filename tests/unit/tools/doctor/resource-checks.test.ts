import { describe, expect, it } from "@jest/globals";
import type { Node } from "../../../../docker-engine/nodes";
import type { StackSettings } from "../../../../stack/stack-settings";
import { formatBytes } from "../../../../contract/bytes";
import { checkResources } from "../../../../tools/doctor/checks/resources";
import { checkVersions } from "../../../../tools/doctor/checks/versions";
import { stackSettings } from "../../../support/doctor-settings";
import { swarmNode } from "../../../support/node";

const GIB = 1024 ** 3;

/** Settings whose default pool has more values, which may not be settings yet. */
function withDocker(docker: object, config: Readonly<Record<string, string>> = {}): StackSettings {
  const settings = stackSettings(config);
  const args = { ...settings.pool.args, docker: { ...settings.pool.args.docker, ...docker } };
  return { ...settings, pool: { ...settings.pool, args } };
}

const NO_FINDINGS = { problems: [], warnings: [] };

const NODES = [swarmNode("big", { cpus: 16, gib: 64 }), swarmNode("small", { cpus: 2, gib: 4 })];

describe("the check of the node resources", () => {
  const check = (
    docker: object,
    config: Readonly<Record<string, string>> = {},
    diskBytes: number | undefined = 50 * GIB,
    nodes: readonly Node[] = NODES,
  ) =>
    checkResources(withDocker(docker, config), { nodes, diskBytes, placement: NO_FINDINGS })
      .outcome;

  it("passes without limits, and shows the smallest node", () => {
    expect(check({})).toEqual({
      kind: "passed",
      text: "the smallest of 2 nodes has 4 GiB memory and 2 CPUs; the engine has 50 GiB of free disk space",
    });
  });

  it("passes with unknown resources", () => {
    const nodes = [swarmNode("new", { resources: undefined })];
    expect(
      checkResources(withDocker({ memory: "1g" }), {
        nodes,
        diskBytes: undefined,
        placement: NO_FINDINGS,
      }).outcome,
    ).toEqual({
      kind: "passed",
      text: "the smallest of 1 node has unknown memory and an unknown number of CPUs; the free disk space of the engine is unknown",
    });
  });

  it.each<[string, object, Readonly<Record<string, string>>, string]>([
    [
      "one job may need more memory than a node has",
      { memory: 5 * GIB },
      {},
      "`docker.memory` is 5 GiB, but node small has 4 GiB of memory, so jobs that need all of theirs may be killed: to prevent that, lower `docker.memory`, or use nodes with more memory",
    ],
    [
      "the concurrent jobs together may need more memory than a node has",
      { memory: "1500m" },
      { concurrent: "3" },
      "`docker.memory` (1.5 GiB) times `concurrent` (3) is 4.4 GiB, but node small has 4 GiB of memory, so jobs that need all of theirs may be killed: to prevent that, lower one of them, or use nodes with more memory",
    ],
  ])("only warns if %s, because Docker starts the jobs", (_, docker, config, warning) => {
    expect(check(docker, config)).toEqual({
      kind: "warned",
      text: `the smallest of 2 nodes has 4 GiB memory and 2 CPUs; the engine has 50 GiB of free disk space; ${warning}`,
    });
  });

  it("fails if a node has too few CPUs, because Docker does not start the jobs", () => {
    expect(check({ cpus: "2.5", memory: "5g" })).toEqual({
      kind: "failed",
      problems: [
        "`docker.cpus` is 2.5, but node small has 2 CPUs, so Docker cannot start jobs there: lower `docker.cpus`, or use nodes with more CPUs",
      ],
    });
  });

  it("reads the limits from the stack config, of each pool and only for the docker executor", () => {
    const resources = { nodes: NODES, diskBytes: undefined, placement: NO_FINDINGS };
    const checkStack = (docker: object, config: Readonly<Record<string, string>> = {}) =>
      checkResources(stackSettings({ docker: JSON.stringify(docker), ...config }), resources)
        .outcome;
    expect(checkStack({ memory: "5g" })).toEqual({
      kind: "warned",
      text: expect.stringMatching(/; `docker\.memory` is 5 GiB, but node small has 4 GiB/),
    });
    expect(checkStack({ cpus: 2.5 })).toEqual({
      kind: "failed",
      problems: [expect.stringMatching(/^`docker\.cpus` is 2\.5, but node small has 2 CPUs/)],
    });
    const pools = JSON.stringify({
      heavy: { docker: { memory: "3g" }, concurrent: 2 },
      shell: { executor: "shell" },
    });
    expect(checkStack({ memory: "4g" }, { pools })).toMatchObject({
      text: expect.stringMatching(
        /unknown; pool heavy: `docker\.memory` \(3 GiB\) times `concurrent` \(2\) is 6 GiB[^;]*$/,
      ),
    });
  });

  it("passes if the limits are exactly what the smallest node has", () => {
    expect(check({ memory: 2 * GIB, cpus: "2" }, { concurrent: "2" }).kind).toBe("passed");
  });

  it("ignores the limits of jobs that run elsewhere", () => {
    expect(check({ memory: "1t", host: "tcp://builder:2376" }).kind).toBe("passed");
    expect(check({ memory: "1t", host: "unix:///run/podman.sock" }).kind).toBe("warned");
  });

  it("fails if the disk is almost full", () => {
    expect(check({}, {}, GIB)).toEqual({
      kind: "failed",
      problems: [
        "the engine has 1 GiB of free disk space, and building the runner image needs 2 GiB: run `docker system prune`, or enlarge the disk",
      ],
    });
  });

  it("names the pool if there are several", () => {
    const settings = withDocker({ memory: "8g" }, { pools: '{"other":{"replicas":1}}' });
    expect(
      checkResources(settings, { nodes: NODES, diskBytes: undefined, placement: NO_FINDINGS })
        .outcome,
    ).toMatchObject({
      text: expect.stringMatching(/; pool default: `docker\.memory` is 8 GiB/),
    });
  });
});

describe("a size", () => {
  it("is shown in a readable unit", () => {
    expect([formatBytes(1.5 * GIB), formatBytes(512 * 1024 ** 2)]).toEqual(["1.5 GiB", "512 MiB"]);
  });
});

describe("the check of the versions", () => {
  const URL_OF_GITLAB = "https://gitlab.example.com";
  const check = (changes: Partial<Parameters<typeof checkVersions>[0]>) =>
    checkVersions({
      node: "20.20.2",
      pulumi: "3.256.0",
      engineApi: "1.51",
      baseImage: "gitlab/gitlab-runner:v19.4.0",
      gitlab: new Map([[URL_OF_GITLAB, "19.4.0-ee"]]),
      ...changes,
    }).outcome;

  it("lists them", () => {
    expect(check({})).toEqual({
      kind: "passed",
      text: "Node.js 20.20.2, Pulumi 3.256.0, engine API 1.51, gitlab-runner 19.4, GitLab 19.4.0-ee",
    });
  });

  it("passes with unknown versions", () => {
    const unknown = { engineApi: undefined, baseImage: undefined, gitlab: new Map() };
    expect(check(unknown)).toEqual({
      kind: "passed",
      text: "Node.js 20.20.2, Pulumi 3.256.0, engine API unknown, gitlab-runner unknown, GitLab unknown",
    });
    expect(check({ baseImage: "gitlab/gitlab-runner:latest" }).kind).toBe("passed");
    expect(check({ gitlab: new Map([[URL_OF_GITLAB, undefined]]) }).kind).toBe("passed");
  });

  it.each([
    ["gitlab/gitlab-runner:alpine-v19.4.1", undefined],
    ["gitlab/gitlab-runner:v19.1.0", undefined],
    ["gitlab/gitlab-runner:alpine3.21-v19.4.0", undefined],
    ["example.com:5000/runner:19.3-bookworm22.04", undefined],
    [
      "gitlab/gitlab-runner:v19.5.0",
      "gitlab-runner 19.5 is newer than GitLab 19.4.0-ee, which may not support it: set `baseImage` to an image of gitlab-runner 19.4",
    ],
    [
      "gitlab/gitlab-runner:ubuntu-v20.0.0@sha256:abc",
      "gitlab-runner 20.0 is newer than GitLab 19.4.0-ee, which may not support it: set `baseImage` to an image of gitlab-runner 19.4",
    ],
    [
      "localhost:5000/gitlab-runner:v18.11.0",
      "gitlab-runner 18.11 has an older major version than GitLab 19.4.0-ee: set `baseImage` to an image of gitlab-runner 19.4",
    ],
  ])("compares %s with GitLab", (baseImage, warning) => {
    const outcome = check({ baseImage });
    if (warning === undefined) expect(outcome.kind).toBe("passed");
    else expect(outcome).toMatchObject({ kind: "warned", text: expect.stringMatching(/./) });
    expect("text" in outcome && outcome.text.endsWith(warning ?? "19.4.0-ee")).toBe(true);
  });

  it.each([
    ["20.18.1", false],
    ["20.19.0", true],
    ["21.7.0", false],
    ["22.12.0", false],
    ["22.13.0", true],
    ["23.11.0", false],
    ["24.0.0", true],
    ["26.1.0", true],
  ])("judges Node.js %s", (node, isSupported) => {
    expect(check({ node })).toMatchObject(
      isSupported
        ? { kind: "passed" }
        : { problems: [`Node.js ${node} is not supported: install Node.js 20.19+, 22.13+ or 24+`] },
    );
  });

  it.each([
    ["3.207.0", "Pulumi 3.207.0 is too old: install Pulumi 3.208 or later"],
    [
      undefined,
      "`pulumi` cannot be started: install it (https://www.pulumi.com/docs/install) and put it on PATH",
    ],
  ])("fails with Pulumi %s", (pulumi, problem) => {
    expect(check({ pulumi })).toEqual({ kind: "failed", problems: [problem] });
  });
});
