import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { settingOf, type SettingKey } from "../../../../contract/settings/keys";
import { parseArgument } from "../../../../contract/settings/type";
import { problemOf, readValue } from "../../../support/read-value";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** A written value, and what gitlab-runner reads in config.toml. */
type Accepted = readonly [key: SettingKey, written: unknown, toml: unknown];

const SERVICE = { name: "postgres:17", alias: "db" };

const ACCEPTED: readonly Accepted[] = [
  ["docker.pullPolicy", "always", "always"],
  ["docker.pullPolicy", "always, never", ["always", "never"]],
  ["docker.pullPolicy", ["never", "always", "never"], ["never", "always"]],
  ["docker.allowedPullPolicies", "never", ["never"]],
  ["docker.allowedImages", "{ruby,node}:*,alpine", ["{ruby,node}:*", "alpine"]],
  ["docker.allowedImages", '["{a,b}:*"]', ["{a,b}:*"]],
  ["docker.allowedImages", ' [ "{a,b}:*", "c" ]', ["{a,b}:*", "c"]],
  ["docker.allowedImages", "\\{a,b", ["\\{a", "b"]],
  ["docker.allowedServices", ["[ab]*"], ["[ab]*"]],
  ["docker.allowedServices", "{a,{b,c}},d", ["{a,{b,c}}", "d"]],
  ["docker.helperImageFlavor", "alpine3.21", "alpine3.21"],
  ["docker.disableEntrypointOverwrite", "true", true],
  ["docker.memory", "6m", "6m"],
  ["docker.memory", "2G", "2g"],
  ["docker.memorySwap", "1536m", "1536m"],
  ["docker.memoryReservation", "64t", "64t"],
  ["docker.cpus", "0.01", "0.01"],
  ["docker.cpus", 1.5, "1.5"],
  ["docker.serviceCpus", "2", "2"],
  ["docker.cpuShares", "2", 2],
  ["docker.cpusetCpus", "0-3,8", "0-3,8"],
  ["docker.cpusetCpus", 8, "8"],
  ["docker.oomScoreAdjust", "-1000", -1000],
  ["docker.shmSize", "64k", 64 * 1024],
  ["docker.shmSize", "64g", 64 * GIB],
  ["docker.ulimit", "nofile=1024:4096\ncore=-1", { core: "-1", nofile: "1024:4096" }],
  ["docker.ulimit", { nofile: 1024 }, { nofile: "1024" }],
  ["docker.ulimit", { memlock: "5:-1" }, { memlock: "5:-1" }],
  ["docker.sysctls", "net.core.somaxconn=1024", { "net.core.somaxconn": "1024" }],
  ["docker.tmpfs", { "/run": "" }, { "/run": "" }],
  ["docker.tmpfs", "/run=rw,size=50%,mode=1777", { "/run": "rw,size=50%,mode=1777" }],
  ["docker.servicesPrivileged", "false", false],
  ["docker.capAdd", "cap_net_admin, NET_ADMIN, SYS_PTRACE", ["NET_ADMIN", "SYS_PTRACE"]],
  ["docker.capDrop", "all", ["ALL"]],
  [
    "docker.securityOpt",
    ["no-new-privileges:true", 'seccomp={"syscalls":[]}', "label=type:svirt_t"],
    ["no-new-privileges:true", 'seccomp={"syscalls":[]}', "label=type:svirt_t"],
  ],
  ["docker.user", 1000, "1000"],
  ["docker.user", "www-data:www-data", "www-data:www-data"],
  ["docker.groupAdd", "docker,999", ["docker", "999"]],
  ["docker.usernsMode", "host", "host"],
  ["docker.devices", "/dev/kvm,/dev/sda:/dev/xvda:r", ["/dev/kvm", "/dev/sda:/dev/xvda:r"]],
  ["docker.deviceCgroupRules", ["c *:* rwm"], ["c *:* rwm"]],
  ["docker.gpus", "all", "all"],
  ["docker.gpus", 2, "2"],
  ["docker.gpus", '"device=0,2",driver=nvidia', '"device=0,2",driver=nvidia'],
  ["docker.runtime", "sysbox-runc", "sysbox-runc"],
  ["docker.networkMtu", "576", 576],
  ["docker.enableIpv6", "true", true],
  [
    "docker.dns",
    "10.0.0.53,2001:db8::1,::ffff:1.2.3.4",
    ["10.0.0.53", "2001:db8::1", "::ffff:1.2.3.4"],
  ],
  ["docker.dnsSearch", ".", ["."]],
  ["docker.extraHosts", "a:::1,b.c:host-gateway", ["a:::1", "b.c:host-gateway"]],
  ["docker.servicesLimit", "-1", -1],
  ["docker.waitForServicesTimeout", "1m30s", 90],
  ["docker.waitForServicesTimeout", "-1", -1],
  ["docker.waitForServicesTimeout", -1, -1],
  ["docker.services", [SERVICE], [SERVICE]],
  [
    "docker.services",
    '[{"name":"a","command":["x"," y","x"],"entrypoint":[],"environment":{"B":"2","A":1}}]',
    [{ name: "a", command: ["x", " y", "x"], entrypoint: [], environment: ["A=1", "B=2"] }],
  ],
  ["docker.services", "[]", []],
  ["docker.cacheDir", "/srv/cache", "/srv/cache"],
  ["docker.containerLabels", "team=build $CI_JOB_ID", { team: "build $CI_JOB_ID" }],
  ["docker.logOptions", { labels: "team", env: "A,B" }, { env: "A,B", labels: "team" }],
];

/** A value that is rejected, and a part of the reason. */
type Rejected = readonly [key: SettingKey, written: unknown, reason: string];

const MEMORY = "must be a size from 6m to 64t";
const NO_SWAP_LIMIT = `${MEMORY}, such as 512m or 2g, because gitlab-runner ends with a fatal error at -1: set 64t for no limit`;
const CPUS = "must be a number from 0.01 to 1024";

const REJECTED: readonly Rejected[] = [
  ["docker.pullPolicy", "", "must be one or more of always, if-not-present, never"],
  ["docker.pullPolicy", [], "must be one or more of always, if-not-present, never"],
  ["docker.pullPolicy", "always,sometimes", "must be one or more of"],
  ["docker.pullPolicy", null, "must be a list of strings"],
  ["docker.allowedImages", "{a,b", '"{a,b" has a { without a matching }'],
  ["docker.allowedImages", ["a}"], '"a}" has a } without a matching {'],
  ["docker.allowedServices", ["[a"], '"[a" has a [ without a matching ]'],
  ["docker.allowedPrivilegedImages", "a\\", "ends with a backslash"],
  ["docker.allowedImages", "{".repeat(2_000), "must have patterns of at most 1000 characters"],
  ["docker.helperImageFlavor", "alpina", "must be alpine"],
  ["docker.memory", "512", MEMORY],
  ["docker.memory", "5m", MEMORY],
  ["docker.memory", 512, MEMORY],
  ["docker.memory", null, MEMORY],
  ["docker.memorySwap", "5m", MEMORY],
  ["docker.memorySwap", " -1", NO_SWAP_LIMIT],
  ["docker.memorySwap", -1, NO_SWAP_LIMIT],
  ["docker.serviceMemorySwap", "-1", NO_SWAP_LIMIT],
  ["docker.memoryReservation", "65t", MEMORY],
  ["docker.serviceMemory", "1.5g", MEMORY],
  ["docker.cpus", "0", CPUS],
  ["docker.cpus", "1025", CPUS],
  ["docker.cpus", "3/2", CPUS],
  ["docker.cpus", "1e2", CPUS],
  ["docker.cpus", NaN, CPUS],
  ["docker.cpus", null, CPUS],
  ["docker.cpuShares", "1", "must be a whole number from 2 to 262144"],
  ["docker.cpusetCpus", "3-1", "must be CPU numbers from 0 to 8191"],
  ["docker.cpusetCpus", "0,", "must be CPU numbers from 0 to 8191"],
  ["docker.cpusetMems", "8192", "must be memory node numbers"],
  ["docker.oomScoreAdjust", "1001", "must be a whole number from -1000 to 1000"],
  ["docker.shmSize", "63k", "must be a size from 64k to 64g"],
  ["docker.ulimit", "nofiles=1", '"nofiles" is not one: did you mean nofile?'],
  ["docker.ulimit", { as: "1" }, "must name limits that Docker can set"],
  ["docker.ulimit", "nofile=2:1", 'at most the hard limits; nofile is "2:1"'],
  ["docker.ulimit", "nofile=-1:5", "at most the hard limits"],
  [
    "docker.ulimit",
    "nofile=many",
    'SOFT or SOFT:HARD, whole numbers or -1 for unlimited; nofile is "many"',
  ],
  ["docker.ulimit", "nofile", "must be an object with string values"],
  ["docker.sysctls", { "kernel.pid_max": "1" }, 'not "kernel.pid_max"'],
  ["docker.sysctls", { "net.core.somaxconn": "" }, "must have a value on one line"],
  ["docker.tmpfs", { run: "rw" }, 'must have absolute paths without a colon as names, not "run"'],
  ["docker.tmpfs", { "/a/..": "rw" }, "must not mount a tmpfs at /"],
  ["docker.tmpfs", { "/a": "rw,noexe" }, '"noexe" of /a is not valid: did you mean noexec?'],
  ["docker.tmpfs", { "/a": "rw, noexec" }, '" noexec" of /a is not valid'],
  ["docker.servicesTmpfs", { "/a": "size=big" }, '"size=big" of /a is not valid'],
  ["docker.servicesPrivileged", "yes", "must be true or false"],
  ["docker.capAdd", "NET_ADMN", '"NET_ADMN" is not one: did you mean NET_ADMIN?'],
  ["docker.capDrop", ["root"], '"root" is not one'],
  ["docker.securityOpt", "nnp", '"nnp" is not one'],
  ["docker.securityOpt", "systempaths=unconfined", "does not support systempaths"],
  ["docker.securityOpt", "seccomp=profile.json", "profile.json"],
  ["docker.securityOpt", "seccomp:/etc/profile.json", "must have seccomp=… with an equals sign"],
  ["docker.servicesSecurityOpt", "seccomp:unconfined", '"seccomp:unconfined" has a colon'],
  ["docker.securityOpt", ["seccomp={"], "must have a seccomp profile that is JSON"],
  ["docker.servicesSecurityOpt", "apparmor=", '"apparmor=" is not one'],
  ["docker.user", "a b", "must be a user name or ID"],
  ["docker.user", "", "must be a user name or ID"],
  ["docker.allowedUsers", ["root", "-1"], '"-1" is not one'],
  ["docker.groupAdd", "a:b", '"a:b" is not one'],
  ["docker.usernsMode", "private", "must be host"],
  ["docker.devices", "dev/kvm", '"dev/kvm" is not one'],
  ["docker.devices", "/dev/a:rwm", '"/dev/a:rwm" is not one'],
  ["docker.devices", "/dev/a:/dev/b:rx", '"/dev/a:/dev/b:rx" is not one'],
  ["docker.deviceCgroupRules", "c 1:3", '"c 1:3" is not one'],
  ["docker.gpus", "some", "must be all, a number of GPUs"],
  ["docker.gpus", "0", "must be all, a number of GPUs"],
  ["docker.gpus", "device=0,2", "it has both a number and devices"],
  ["docker.gpus", "driver=a,driver=b", "it has an option twice"],
  ["docker.serviceGpus", '"device=0', "must be all, a number of GPUs"],
  ["docker.runtime", "run c", "must be the name of a runtime"],
  ["docker.networkMtu", "575", "must be a whole number from 576 to 9000"],
  ["docker.dns", "dns.example.com", '"dns.example.com" is not one'],
  ["docker.dns", "1.2.3.256", '"1.2.3.256" is not one'],
  ["docker.dns", "1::2::3", '"1::2::3" is not one'],
  ["docker.dnsSearch", "a..b", '"a..b" is not one'],
  ["docker.extraHosts", "db", '"db" is not one'],
  ["docker.extraHosts", "db:host", '"db:host" is not one'],
  ["docker.extraHosts", ":1.2.3.4", '":1.2.3.4" is not one'],
  ["docker.servicesLimit", "51", "must be a whole number from -1 to 50"],
  ["docker.waitForServicesTimeout", "0s", "must be -1 or a duration from 1s to 1h"],
  ["docker.waitForServicesTimeout", "-2", "must be -1 or a duration"],
  ["docker.waitForServicesTimeout", Object.create(null), "must be a string"],
  ["docker.services", "redis:7", "must be a list of objects"],
  ["docker.services", [{ image: "a" }], "[0].image is not a known field: use name"],
  ["docker.services", [{ nam: "a" }], "[0].nam is not a known field: did you mean name?"],
  ["docker.services", [{ alias: "a" }], "[0].name is required"],
  ["docker.services", [{ name: "A" }], "[0].name must be an image reference"],
  ["docker.services", [{ name: "a", alias: "a/b" }], "[0].alias must be one or more host names"],
  ["docker.services", [{ name: "a", command: "x" }], "[0].command must be a list of strings"],
  ["docker.services", [{ name: "a", environment: { "1": "x" } }], "must have names of letters"],
  ["docker.services", [SERVICE, { name: "b", alias: "x, db" }], "db appears twice"],
  ["docker.cacheDir", "cache", "must be an absolute path"],
  ["docker.cacheDir", "/", "must be an absolute path"],
  ["docker.cacheDir", "/a/../b", "must be an absolute path"],
  ["docker.containerLabels", { "com.gitlab.x": "" }, 'not "com.gitlab.x"'],
  ["docker.containerLabels", { "runner.system_id": "x" }, 'not "runner.system_id"'],
  ["docker.containerLabels", { "a b": "x" }, 'not "a b"'],
  ["docker.logOptions", { "max-size": "1m" }, 'not "max-size"'],
];

/** Shortens a value for the title of a test. */
const show = (value: unknown): string => JSON.stringify(value).slice(0, 60);

describe("a setting of the docker executor", () => {
  it.each(ACCEPTED.map(([key, written, toml]) => [key, show(written), written, toml] as const))(
    "%s is written to config.toml in gitlab-runner's form: %s",
    (key, _shown, written, toml) => {
      const { type } = settingOf(key);
      const parsed = parseArgument(type, written);
      expect(parsed).toHaveProperty("value");
      const value: unknown = "value" in parsed ? parsed.value : undefined;
      expect(type.toToml?.(value) ?? value).toEqual(toml);
      // The replica reads the same value.
      expect(readValue(type, type.format(value))).toEqual(value);
    },
  );

  it.each(REJECTED.map(([key, written, reason]) => [key, show(written), reason, written] as const))(
    "%s rejects %s: %s",
    (key, _shown, reason, written) => {
      expect(problemOf(settingOf(key).type, written)).toContain(reason);
    },
  );

  it.each([
    ["the environment", { environment: { DB: "glpat-0123456789abcdef" } }, "DB"],
    ["the environment", { environment: { DB: "AKIA0123456789ABCDEF" } }, "DB"],
    ["the command", { command: ["redis", "http://a:glpat-0123456789@b"] }, "[1]"],
    ["the entry point", { entrypoint: ["glpat-0123456789abcdef"] }, "[0]"],
  ])("rejects a secret in %s of a service without showing it: %j", (_, service, place) => {
    const problem = problemOf(settingOf("docker.services").type, [{ name: "a", ...service }]);
    expect(problem).toContain(`must not contain secrets, but the value of ${place} looks like `);
    expect(problem).toMatch(/: move it to `secretEnvironment`, whose variables services also get$/);
    expect(problem).not.toMatch(/0123456789/);
  });

  it.each(["docker.containerLabels", "labels"] as const)("%s rejects a token", (key) => {
    expect(problemOf(settingOf(key).type, { team: "glpat-0123456789abcdef" })).toMatch(
      /^must not contain secrets, but the value of team looks like a GitLab token: remove it, because /,
    );
  });

  it("accepts numbers with a known unit in code only", () => {
    const { type } = settingOf("docker.memory");
    expect(parseArgument(type, 64 * MIB)).toEqual({ value: 64 * MIB });
    expect(parseArgument(settingOf("docker.waitForServicesTimeout").type, 90)).toEqual({
      value: 90,
    });
    expect(problemOf(settingOf("docker.waitForServicesTimeout").type, 90)).toBeDefined();
  });

  it("keeps patterns apart whatever they consist of", () => {
    const piece = fc.constantFrom("a", "{a}", "{a,b}", "\\{", "\\}", "[{]", "[}]", "\\,", "*");
    const pattern = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
    const { type } = settingOf("docker.allowedImages");
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { maxLength: 4 }), (patterns) => {
        const value = readValue(type, patterns);
        expect(value).toEqual(patterns);
        expect(readValue(type, type.format(value))).toEqual(patterns);
      }),
    );
  });
});
