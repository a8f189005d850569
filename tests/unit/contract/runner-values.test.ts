import { describe, expect, it } from "@jest/globals";
import { jobScript } from "../../../contract/job-script";
import { listenAddress, parsePort } from "../../../contract/listen-address";
import { outputLimit } from "../../../contract/job-output";
import { runnerLabels } from "../../../contract/runner-labels";
import { sentryDsn } from "../../../contract/sentry-dsn";
import { stageTimeout } from "../../../contract/stage-timeout";
import { problemOf, readValue } from "../../support/read-value";

describe("a script of jobs", () => {
  it("keeps several lines as they are", () => {
    const text = "  if true; then\n\techo '{{a}}' \"$B\"\n  fi\n";
    expect(readValue(jobScript, text)).toBe(text);
  });

  it("drops a byte order mark, which a shell takes for a part of the first command", () => {
    expect(readValue(jobScript, "\ufeff#!/bin/sh\necho a")).toBe("#!/bin/sh\necho a");
    expect(problemOf(jobScript, "\ufeff@pre.sh")).toMatch(/^must be the text of a script/);
  });

  it.each(["@pre.sh", " @dir/pre file.sh\n", "@/etc/pre.sh"])("rejects a file: %j", (text) => {
    expect(problemOf(jobScript, text)).toBe(
      'must be the text of a script, such as "$(cat PATH)" in a shell, not @PATH',
    );
  });

  it.each(["@foo\necho a", "echo @pre.sh", "curl -d @file example.com"])("accepts %j", (text) => {
    expect(readValue(jobScript, text)).toBe(text);
  });

  it.each([
    ["echo a\r\necho b", /^must have Unix line endings/],
    ["echo \0", /^must not contain control characters/],
    ["x".repeat(16 * 1024 + 1), /^must be at most 16384 bytes; it has 16385/],
    ["export T=glpat-0123456789abcdefghij", /^must not contain a GitLab token: set it as a var/],
    [null, /^must be a string/],
    [["a"], /^must be a string/],
  ])("rejects %j", (text, rule) => {
    expect(problemOf(jobScript, text)).toMatch(rule);
  });
});

describe("labels", () => {
  it.each([{ zone: "eu-1" }, "zone=eu-1", '{"zone": "eu-1"}', {}])("accept %j", (labels) => {
    expect(problemOf(runnerLabels, labels)).toBeUndefined();
  });

  it.each([{ ab: "x" }, { "-abc": "x" }, { abc: "" }, { abc: "a b" }, { abc: "x".repeat(257) }])(
    "reject %j",
    (labels) => {
      expect(problemOf(runnerLabels, labels)).toMatch(/^must have (?:names|values) of/);
    },
  );

  it("reject more than 32", () => {
    const labels = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`label${i}`, "x"]));
    expect(problemOf(runnerLabels, labels)).toBe("must have at most 32 labels; it has 33");
  });
});

describe("sentryDsn", () => {
  it.each(["https://key@sentry.example.com/1", "https://a:b@o1.ingest.sentry.io:443/x/42"])(
    "accepts %s",
    (dsn) => {
      expect(problemOf(sentryDsn, dsn)).toBeUndefined();
    },
  );

  it.each([
    "",
    "sentry.example.com",
    "https://sentry.example.com/1",
    "ftp://k@h/1",
    "https://k@h/",
  ])("rejects %j", (dsn) => {
    expect(problemOf(sentryDsn, dsn)).toMatch(/^must be a Sentry DSN/);
  });
});

describe("listenAddress", () => {
  it.each([
    [":9252", 9252],
    ["0.0.0.0:1024", 1024],
    ["127.0.0.1:65535", 65_535],
    ["[::]:9252", 9252],
  ])("accepts %s, where the replica reads its metrics at port %i", (address, port) => {
    expect(problemOf(listenAddress, address)).toBeUndefined();
    expect(parsePort(address)).toBe(port);
  });

  it.each([
    "",
    "9252",
    9252,
    ":1023",
    ":65536",
    "10.0.0.1:9252",
    "localhost:9252",
    ":9252/metrics",
  ])("rejects %j", (address) => {
    expect(problemOf(listenAddress, address)).toMatch(/^must be :PORT with a port from 1024/);
  });
});

describe("values in gitlab-runner's units", () => {
  it("are KiB for the output limit, rounded up", () => {
    expect([1024 ** 2, 1024 ** 2 + 1].map((bytes) => outputLimit.toToml?.(bytes))).toEqual([
      1024, 1025,
    ]);
  });

  it("are durations without days for stages", () => {
    expect(stageTimeout.toToml?.(86_400)).toBe("86400s");
    expect(problemOf(stageTimeout, "9s")).toMatch(/^must be a duration from 10s to 1d/);
  });
});
