/** How the value of an option is written. */
type OptionKind = "text" | "switch" | "size" | "count" | "number" | "mode";

/** The options of a driver, and how their values are written. */
export type LogOptions = Readonly<Record<string, OptionKind>>;

/** Options that add attributes to each line. */
const ATTRIBUTES = {
  env: "text",
  "env-regex": "text",
  labels: "text",
  "labels-regex": "text",
} as const satisfies LogOptions;

const TAGGED = { ...ATTRIBUTES, tag: "text" } as const satisfies LogOptions;

const FILES = {
  "max-size": "size",
  "max-file": "count",
  compress: "switch",
} as const satisfies LogOptions;

/**
 * Options that Docker itself reads, with every driver. Docker keeps a copy of the log for each
 * driver that cannot read its log back; the options with `cache` are about this copy.
 */
export const COMMON_OPTIONS = {
  mode: "mode",
  "max-buffer-size": "size",
  "cache-disabled": "switch",
  "cache-max-size": "size",
  "cache-max-file": "count",
  "cache-compress": "switch",
} as const satisfies LogOptions;

/** The options of Docker's log drivers. */
export const LOG_DRIVERS: Readonly<Record<string, LogOptions>> = {
  "json-file": { ...FILES, ...TAGGED },
  local: FILES,
  journald: TAGGED,
  syslog: {
    ...TAGGED,
    "syslog-address": "text",
    "syslog-facility": "text",
    "syslog-format": "text",
    "syslog-tls-ca-cert": "text",
    "syslog-tls-cert": "text",
    "syslog-tls-key": "text",
    "syslog-tls-skip-verify": "switch",
  },
  gelf: {
    ...TAGGED,
    "gelf-address": "text",
    "gelf-compression-level": "text",
    "gelf-compression-type": "text",
    "gelf-tcp-max-reconnect": "number",
    "gelf-tcp-reconnect-delay": "number",
  },
  fluentd: {
    ...TAGGED,
    "fluentd-address": "text",
    "fluentd-async": "switch",
    "fluentd-async-reconnect-interval": "text",
    "fluentd-buffer-limit": "size",
    "fluentd-max-retries": "number",
    "fluentd-read-timeout": "text",
    "fluentd-request-ack": "switch",
    "fluentd-retry-wait": "text",
    "fluentd-sub-second-precision": "switch",
    "fluentd-write-timeout": "text",
  },
  awslogs: {
    tag: "text",
    "awslogs-create-group": "switch",
    "awslogs-create-stream": "switch",
    "awslogs-credentials-endpoint": "text",
    "awslogs-datetime-format": "text",
    "awslogs-endpoint": "text",
    "awslogs-force-flush-interval-seconds": "count",
    "awslogs-format": "text",
    "awslogs-group": "text",
    "awslogs-max-buffered-events": "count",
    "awslogs-multiline-pattern": "text",
    "awslogs-region": "text",
    "awslogs-stream": "text",
  },
  splunk: {
    ...TAGGED,
    "splunk-caname": "text",
    "splunk-capath": "text",
    "splunk-format": "text",
    "splunk-gzip": "switch",
    "splunk-gzip-level": "text",
    "splunk-index": "text",
    "splunk-index-acknowledgment": "switch",
    "splunk-insecureskipverify": "switch",
    "splunk-source": "text",
    "splunk-sourcetype": "text",
    "splunk-token": "text",
    "splunk-url": "text",
    "splunk-verify-connection": "switch",
  },
  gcplogs: {
    ...ATTRIBUTES,
    "gcp-log-cmd": "switch",
    "gcp-meta-id": "text",
    "gcp-meta-name": "text",
    "gcp-meta-zone": "text",
    "gcp-project": "text",
  },
};

/** Options without which a driver does not start. */
export const REQUIRED_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["gelf", "gelf-address"],
  ["splunk", "splunk-url"],
  ["awslogs", "awslogs-group"],
]);

/** The rules for values. */
const VALUES: Readonly<Record<OptionKind, readonly [pattern: RegExp, rule: string]>> = {
  text: [/^/, ""],
  switch: [/^(?:true|false)$/, "true or false"],
  size: [/^[1-9]\d*(?:\.\d+)?[kmgt]i?b?$/i, "a size with a unit, such as 10m"],
  count: [/^[1-9]\d{0,8}$/, "a whole number from 1"],
  number: [/^\d{1,9}$/, "a whole number from 0"],
  mode: [/^(?:blocking|non-blocking)$/, "blocking or non-blocking"],
};

/** Checks a value. @returns what is allowed, such as "true or false"; undefined if it is valid */
export function checkLogValue(kind: OptionKind, value: string): string | undefined {
  const [pattern, rule] = VALUES[kind];
  return pattern.test(value) ? undefined : rule;
}
