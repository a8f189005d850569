import { describe, expect, it } from "@jest/globals";
import { problemsOf, settingsOf, warningsOf, withConfig } from "./read";

const problems = (config: Readonly<Record<string, string>>) => problemsOf(withConfig(config));
const log = (name: string, options: Readonly<Record<string, string>>) => ({
  logDriver: JSON.stringify({ name, options }),
});

describe("the update policy", () => {
  it.each([
    ["parallelism", -1, "must be a whole number from 0 to 1000"],
    ["delay", "2d", "must be a duration from 0s to 1d"],
    ["order", "start", "must be start-first or stop-first"],
    ["failureAction", "stop", "must be rollback, pause or continue"],
    ["monitor", "0s", "must be a duration from 1s to 1h"],
    ["maxFailureRatio", 0.25, "must be a number from 0 to 1 with at most one decimal, such as 0.2"],
    ["maxFailureRatio", 1.1, "must be a number from 0 to 1 with at most one decimal, such as 0.2"],
  ])("rejects %s if it is %j", (name, value, rule) => {
    expect(problems({ update: JSON.stringify({ [name]: value }) })).toEqual([
      expect.stringContaining(`\`update.${name}\` ${rule}`),
    ]);
  });
});

describe("the log driver", () => {
  it.each([
    ["json-file", { "max-size": "10m", "max-file": "3", compress: "true", mode: "non-blocking" }],
    ["local", { "max-size": "1.5g" }],
    ["syslog", { "syslog-address": "udp://10.0.0.1:514", "syslog-tls-key": "/etc/k.pem" }],
    ["awslogs", { "awslogs-group": "ci", "awslogs-credentials-endpoint": "/creds" }],
    ["grafana/loki-docker-driver:3.3.2", { "loki-url": "https://loki.example.com/push" }],
  ])("may be %s", (name, options) => {
    expect(settingsOf(withConfig(log(name, options))).pool.args.logDriver).toEqual({
      name,
      options,
    });
  });

  it.each([
    ["none", "must not be none, because `pulumi up` and `npm run status` read the log"],
    ["etwlogs", "must not be etwlogs, which exists only on Windows"],
    ["logentries", "must not be logentries, which Docker 25 removed"],
    ["json", "or a plugin with its tag, such as vendor/plugin:tag; did you mean json-file?"],
    ["toString", "or a plugin with its tag, such as vendor/plugin:tag, got"],
  ])("must not be %s", (name, rule) => {
    expect(problems(log(name, {}))).toEqual([expect.stringContaining(rule)]);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["journald", { "max-size": "10m" }, 'must not contain "max-size", which `logDriver.name`'],
    ["json-file", { maxsize: "10m" }, "does not have: did you mean max-size?"],
    ["json-file", { "max-size": "10" }, "must have a size with a unit, such as 10m as max-size"],
    ["json-file", { "max-file": "0" }, 'must have a whole number from 1 as max-file, not "0"'],
    ["json-file", { compress: "true" }, "has compress, but Docker compresses only complete files"],
    ["local", { "max-file": "1" }, "must not have max-file 1 with the driver local"],
    [
      "local",
      { "max-buffer-size": "4m" },
      "has max-buffer-size, which needs the mode non-blocking",
    ],
    ["gelf", { "cache-disabled": "true" }, "must not contain cache-disabled, because `pulumi up`"],
    ["splunk", { "splunk-token": "12345678" }, "set the option in /etc/docker/daemon.json"],
    ["acme/log:1", { "api-token": "12345678" }, "must not contain api-token, because everybody"],
    ["acme/log:1", { url: "https://a:b12345678@x.example" }, "looks like a URL with a password"],
  ])("%s rejects the options %j", (name, options, rule) => {
    const found = problems(log(name, options));
    expect(found).toEqual([expect.stringContaining(rule)]);
    expect(found.join()).not.toContain("12345678");
  });

  it.each([
    ["awslogs", { "awslogs-group": "ci", "awslogs-create-stream": "false" }],
    ["fluentd", { "fluentd-read-timeout": "5s" }],
    ["gelf", { "gelf-address": "udp://10.0.0.1:12201" }],
    ["splunk", { "splunk-url": "https://splunk.example.com:8088" }],
  ])("%s may have the options %j", (name, options) => {
    expect(warningsOf(withConfig(log(name, options)))).toEqual([]);
  });

  it.each([
    ["gelf", "gelf-address"],
    ["splunk", "splunk-url"],
    ["awslogs", "awslogs-group"],
  ])("%s without %s causes a warning", (name, option) => {
    expect(warningsOf(withConfig(log(name, {})))).toEqual([
      `\`logDriver.name\` (${name}) needs the option ${option}, or no replica can start: set it in \`logDriver.options\`, unless /etc/docker/daemon.json on each node has it for this driver.`,
    ]);
  });

  it("is required with options", () => {
    expect(problems({ logDriver: '{"options":{"max-size":"10m"}}' })).toEqual([
      "`logDriver.options` needs `logDriver.name`, because the options of log drivers differ: set `logDriver.name`, such as json-file",
    ]);
  });
});

describe("labels of the service", () => {
  it("may have any value that is not a secret, in any order", () => {
    const serviceLabels = { "traefik.http.routers.ci.rule": "Host(`ci`)", a: "" };
    const { pool } = settingsOf(withConfig({ serviceLabels: JSON.stringify(serviceLabels) }));
    expect(Object.entries(pool.args.serviceLabels ?? {})).toEqual(
      Object.entries(serviceLabels).reverse(),
    );
  });

  it.each([
    ["com.docker.stack.namespace", "x", "start with com.docker., which Docker uses itself"],
    ["gitlab-runner-pool.owner", "x", "gitlab-runner-pool., which this program uses itself"],
    ["a b", "x", "must have names of printable characters without spaces"],
    ["a", "x\n", "must not contain control characters"],
    ["a", "glpat-0123456789abcdefghij", "everybody who can list services can read it"],
  ])("must not be %s=%s", (name, value, rule) => {
    expect(problems({ serviceLabels: JSON.stringify({ [name]: value }) })).toEqual([
      expect.stringContaining(rule),
    ]);
  });
});

describe("a name that Docker uses for these settings", () => {
  it.each([
    ["updateConfig", '{"order":"stop-first"}', "set `update.order`"],
    ["deploy", '{"replicas":2}', "such as `replicas`, `update` and `serviceLabels`"],
    ["logging", '{"driver":"local"}', "set `logDriver.name` and `logDriver.options`"],
    ["deployLabels", '{"a":"b"}', "did you mean `serviceLabels`?"],
    ["labels", '{"traefik.rule":"Host(`ci`)"}', "labels of the swarm service are `serviceLabels`"],
  ])("%s leads to the setting", (name, value, hint) => {
    expect(problems({ [name]: value })).toEqual([expect.stringContaining(hint)]);
  });
});
