import { describe, expect, it } from "@jest/globals";
import { readSettings } from "../../../runner-image/src/settings/settings";
import { CONFIG, problemsOf, warningsOf, withConfig } from "./read";

/** The token of a runner that a pool creates, so that `protected` is known. */
const CREATED = { env: { GITLAB_TOKEN: "glpat-x" } };

type Docker = Readonly<Record<string, unknown>>;

const withDocker = (docker: Docker, more: Readonly<Record<string, string>> = {}) => ({
  config: { ...CONFIG, ...more, docker: JSON.stringify(docker) },
});

const rejected: [what: string, docker: Docker, more: Record<string, string>, problem: string][] = [
  [
    "swap below memory",
    { memory: "2g", memorySwap: "1g" },
    {},
    "`docker.memorySwap` (1g) must be at least `docker.memory` (2g), because it limits memory and swap together",
  ],
  [
    "swap without memory",
    { memorySwap: "1g" },
    {},
    "`docker.memorySwap` (1g) requires `docker.memory`, because it limits memory and swap together: set `docker.memory` too",
  ],
  [
    "a reservation above memory",
    { memory: "1g", memoryReservation: "2g" },
    {},
    "`docker.memoryReservation` (2g) must be at most `docker.memory` (1g)",
  ],
  [
    "the same of services",
    { serviceMemory: "1g", serviceMemoryReservation: "1025m" },
    {},
    "`docker.serviceMemoryReservation` (1025m) must be at most `docker.serviceMemory` (1g)",
  ],
  [
    "a tmpfs at the path of a volume",
    { volumes: "/cache,/a:/b/", tmpfs: { "/b": "" } },
    {},
    '`docker.tmpfs` must not mount a tmpfs at /b, where `docker.volumes` (/cache,/a:/b/) mounts "/a:/b/": remove one of them',
  ],
  [
    "a tmpfs at the folder of working trees",
    { tmpfs: { "/builds/": "" } },
    {},
    "`docker.tmpfs` must not mount a tmpfs at /builds/, because the working trees of jobs are in /builds and every job would fail: remove it, or set another `buildsDir`",
  ],
  [
    "a tmpfs below the folder of working trees",
    { tmpfs: { "/sources/group": "" } },
    { buildsDir: "/sources" },
    "`docker.tmpfs` must not mount a tmpfs at /sources/group, because the working trees of jobs are in `buildsDir` (/sources) and every job would fail: remove it, or set another `buildsDir`",
  ],
  [
    "a tmpfs of services at the folder of working trees",
    { servicesTmpfs: { "/builds": "" } },
    {},
    "`docker.servicesTmpfs` must not mount a tmpfs at /builds, because the working trees of jobs are in /builds, which gitlab-runner also mounts in services: remove it, or set another `buildsDir`",
  ],
  [
    "a pull policy that is not allowed",
    { pullPolicy: "always,never", allowedPullPolicies: ["never"] },
    {},
    "`docker.pullPolicy` (always,never) must only have policies of `docker.allowedPullPolicies` (never): add always to `docker.allowedPullPolicies`, or change `docker.pullPolicy`",
  ],
  [
    "a default pull policy that is not allowed",
    { allowedPullPolicies: ["never"] },
    {},
    "`docker.pullPolicy` (always) must only have policies of `docker.allowedPullPolicies` (never): add always to `docker.allowedPullPolicies`, or change `docker.pullPolicy`",
  ],
  [
    "a default image that no pattern matches",
    { allowedImages: "docker.io/library/ruby:*,{a,b}:*" },
    { jobImage: "ruby:3" },
    '`jobImage` (ruby:3) does not match a pattern of `docker.allowedImages` (["docker.io/library/ruby:*","{a,b}:*"]), but gitlab-runner allows the default image in any case: add a pattern for it to `docker.allowedImages`, or set `jobImage` to an image that matches',
  ],
  [
    "services that are not allowed",
    {
      allowedServices: ["redis:*"],
      services: [{ name: "redis:7" }, { name: "x:1" }, { name: "$IMAGE:1" }],
    },
    {},
    "`docker.services` must only have images that match a pattern of `docker.allowedServices` (redis:*), not x:1: add a pattern, or remove the service",
  ],
  [
    "more services than allowed",
    { servicesLimit: 0, services: [{ name: "redis:7" }] },
    {},
    "`docker.services` must have at most `docker.servicesLimit` (0) services; it has 1",
  ],
  [
    "a helper image and its flavor",
    { helperImage: "a/b:1", helperImageFlavor: "ubuntu" },
    {},
    "`docker.helperImageFlavor` (ubuntu) and `docker.helperImage` (a/b:1) are mutually exclusive, because the flavor belongs to gitlab-runner's own helper image: unset one of them",
  ],
  [
    "a user that is not allowed",
    { user: "1000", allowedUsers: ["1000:1000", "nobody"] },
    {},
    "`docker.user` (1000) must be one of `docker.allowedUsers` (1000:1000,nobody) in the same form, or every job fails: add it to `docker.allowedUsers`, or change `docker.user`",
  ],
  [
    "a capability that is added and dropped",
    { capAdd: "cap_net_admin,SYS_PTRACE", capDrop: ["NET_ADMIN"] },
    {},
    "`docker.capAdd` (NET_ADMIN,SYS_PTRACE) and `docker.capDrop` (NET_ADMIN) must not have the same capabilities: remove NET_ADMIN from one of them",
  ],
  [
    "privileged images without privileged jobs",
    { allowedPrivilegedImages: ["docker:*"] },
    {},
    "`docker.allowedPrivilegedImages` (docker:*) requires `docker.privileged`, which is false: set it to true, or unset `docker.allowedPrivilegedImages`",
  ],
  [
    "privileged services without the right",
    { privileged: true, servicesPrivileged: false, allowedPrivilegedServices: ["docker:*"] },
    {},
    "`docker.allowedPrivilegedServices` (docker:*) requires privileged services, but `docker.servicesPrivileged` is false: set `docker.servicesPrivileged` to true, or unset `docker.allowedPrivilegedServices`",
  ],
  [
    "privileged services without any right",
    { allowedPrivilegedServices: ["docker:*"] },
    {},
    "`docker.allowedPrivilegedServices` (docker:*) requires privileged services, but `docker.privileged` is false: set `docker.servicesPrivileged` to true, or unset `docker.allowedPrivilegedServices`",
  ],
  [
    "one network and a network for each job",
    { networkMode: "host" },
    { featureFlags: '{"FF_NETWORK_PER_BUILD":true}' },
    '`docker.networkMode` (host) and `featureFlags` ({"FF_NETWORK_PER_BUILD":true}) are mutually exclusive, because gitlab-runner ignores FF_NETWORK_PER_BUILD if it has a network for all jobs: unset one of them',
  ],
  [
    "an MTU without a network for each job",
    { networkMtu: 1400 },
    {},
    "`docker.networkMtu` (1400) requires the feature flag FF_NETWORK_PER_BUILD, which is false, because it only applies to networks that gitlab-runner creates: set the flag in `featureFlags`, or unset `docker.networkMtu`",
  ],
  [
    "IPv6 with a small MTU",
    { enableIpv6: true, networkMtu: 1200 },
    { featureFlags: "FF_NETWORK_PER_BUILD=true" },
    "`docker.networkMtu` (1200) must be at least 1280 with `docker.enableIpv6` (true)",
  ],
  [
    "parameters of the node's network",
    { networkMode: "host", sysctls: { "net.core.somaxconn": "9", "kernel.sem": "1" } },
    {},
    "`docker.sysctls` must not set net.core.somaxconn with `docker.networkMode` (host), because they would apply to the node",
  ],
];

const accepted: [what: string, docker: Docker, more: Record<string, string>][] = [
  ["equal limits", { memory: "1g", memorySwap: "1024m", memoryReservation: "1g" }, {}],
  ["a reservation alone", { memoryReservation: "1g" }, {}],
  ["a default image in braces", { allowedImages: "{ruby,ubuntu}:*" }, { jobImage: "ubuntu:24.04" }],
  ["any service", { services: [{ name: "redis:7" }], servicesLimit: 1 }, {}],
  ["only a user", { user: "1000" }, {}],
  ["IPv6", { enableIpv6: true, networkMtu: 1280 }, { featureFlags: "FF_NETWORK_PER_BUILD=true" }],
  ["no IPv6 without the flag", { enableIpv6: false }, {}],
];

const warned: [what: string, docker: Docker, warning: string][] = [
  [
    "an image list without the default image",
    { allowedImages: "ruby:*" },
    "`jobImage` (ubuntu:24.04) does not match a pattern of `docker.allowedImages` (ruby:*), but gitlab-runner allows the default image in any case: add a pattern for it to `docker.allowedImages`, or set `jobImage` to an image that matches.",
  ],
  [
    "privileged jobs",
    { privileged: true },
    "`docker.privileged` (true) gives jobs root access to the node: check on the runner's page in GitLab that it is protected, so that only jobs of protected branches and tags run on it.",
  ],
  [
    "the engine's socket",
    { servicesPrivileged: true, volumes: "/cache,/var/run/docker.sock:/var/run/docker.sock:ro" },
    "`docker.servicesPrivileged` (true) and `docker.volumes` (/var/run/docker.sock:/var/run/docker.sock:ro) give jobs root access to the node: check on the runner's page in GitLab that it is protected, so that only jobs of protected branches and tags run on it.",
  ],
  [
    "GPUs",
    { gpus: "all" },
    "`docker.gpus` (all) requires GPUs and their driver on every node that runs a replica, which Swarm does not check.",
  ],
  [
    "a seccomp profile in a file",
    { securityOpt: ["seccomp=/etc/profile.json"] },
    "`docker.securityOpt` (seccomp=/etc/profile.json) requires that file in the runner image, or every job fails: add it to your own base image, or pass the profile itself as JSON.",
  ],
  [
    "entry points that are ignored",
    { disableEntrypointOverwrite: true, services: [{ name: "a", entrypoint: ["x"] }] },
    "`docker.disableEntrypointOverwrite` (true) also ignores the entry points of `docker.services`.",
  ],
  [
    "a folder for volumes that jobs do not keep",
    { disableCache: true, cacheDir: "/srv/cache" },
    "`docker.cacheDir` (/srv/cache) has no effect with `docker.disableCache` (true), which gives each job new Docker volumes: unset `docker.cacheDir` or `docker.disableCache`.",
  ],
];

describe("the rules of the docker executor", () => {
  it.each(rejected)("reject %s", (_what, docker, more, problem) => {
    expect(problemsOf(withDocker(docker, more))).toEqual([problem]);
  });

  it.each(accepted)("accept %s", (_what, docker, more) => {
    expect(warningsOf(withDocker(docker, more))).toEqual([]);
  });

  it.each(warned)("warn of %s", (_what, docker, warning) => {
    expect(warningsOf(withDocker(docker))).toContain(warning);
  });

  it("warn of capabilities that a privileged container has anyway", () => {
    const docker = { privileged: true, capAdd: ["NET_ADMIN"], capDrop: ["MKNOD"] };
    expect(warningsOf(withDocker(docker))).toEqual(
      expect.arrayContaining([
        "`docker.capAdd` (NET_ADMIN) has no effect with `docker.privileged` (true): a privileged container has all capabilities.",
        "`docker.capDrop` (MKNOD) has no effect with `docker.privileged` (true): a privileged container has all capabilities.",
      ]),
    );
    const some = { ...docker, allowedPrivilegedImages: ["docker:*"] };
    expect(warningsOf(withDocker(some)).join()).not.toContain("no effect");
  });

  it("know whether a runner that the pool creates is protected", () => {
    const { token, ...rest } = CONFIG;
    const config = { ...rest, runnerScope: "instance", docker: '{"privileged":true}' };
    expect(token).not.toBe("");
    expect(warningsOf({ ...CREATED, config })).toEqual([
      "`docker.privileged` (true) gives jobs root access to the node, and `protected` (false) lets jobs of all branches run: set `protected` to true unless you trust everyone who can push.",
    ]);
    expect(warningsOf({ ...CREATED, config: { ...config, protected: "true" } })).toEqual([]);
  });

  it("apply to an additional pool together with what it inherits", () => {
    const pools = JSON.stringify({ big: { docker: { memory: "4g" } } });
    expect(problemsOf(withDocker({ memory: "1g", memorySwap: "2g" }, { pools }))).toEqual([
      "`docker.memorySwap` (2g) must be at least `pools.big.docker.memory` (4g), because it limits memory and swap together. The pool big inherits `docker.memorySwap`: to change it for this pool only, set `pools.big.docker.memorySwap` to another value or to null",
    ]);
  });

  it("only warn of a default image that an additional pool inherits, also in its replicas", () => {
    const pools = JSON.stringify({ big: { docker: { allowedImages: "ruby:*" } } });
    const warnings = warningsOf(withConfig({ jobImage: "alpine", pools }));
    expect(warnings).toEqual([
      expect.stringMatching(
        /^`jobImage` \(alpine\) does not match .*`pools\.big\.docker\.allowedImages` \(ruby:\*\)/,
      ),
    ]);
    const env = {
      RUNNER_CI_URL: CONFIG.gitlabUrl,
      RUNNER_CI_TOKEN: CONFIG.token,
      RUNNER_DOCKER_ALLOWED_IMAGES: "ruby:*",
      RUNNER_IMAGE: "alpine",
    };
    expect(readSettings(env).problems).toEqual([]);
  });

  it.each([
    ["a/helper:x86_64-v19.3.0", "b:v19.4.0", ["19.3.0", "19.4.0"]],
    ["a/helper:alpine3.19.1-v19.4.1", "b:v19.4.0", ["19.4.1", "19.4.0"]],
    ["a/helper:19.3", "b:v19.4.0", ["19.3", "19.4.0"]],
    ["a/helper:alpine3.19.1-v19.4.0", "b:alpine3.21-v19.4.0", undefined],
    ["a/helper:x86_64-v19.4.0", `b:alpine-v19.4.0@sha256:${"0".repeat(64)}`, undefined],
    ["a/helper:v19.4", "b:v19.4.0", undefined],
    ["a:5000/helper:latest", "b:v19.4.0", undefined],
    ["a/helper:x86_64-${CI_RUNNER_VERSION}", "b:v19.4.0", undefined],
  ])(
    "compare the versions of a helper image and the base image: %s, %s",
    (helper, base, differ) => {
      const warnings = warningsOf(withDocker({ helperImage: helper }, { baseImage: base }));
      expect(warnings).toEqual(
        differ === undefined
          ? []
          : [
              `\`docker.helperImage\` (${helper}) has version ${differ[0]}, but \`baseImage\` (${base}) has ${differ[1]}: use the same version, because gitlab-runner and its helper may not fit together otherwise.`,
            ],
      );
    },
  );
});
