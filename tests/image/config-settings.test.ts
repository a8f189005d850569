import { beforeAll, describe, expect, it } from "@jest/globals";
import { isObject } from "../../contract/json";
import { parseDuration } from "../../contract/duration";
import { REPLICA_KEYS, settingOf } from "../../contract/settings/keys";
import { setAt } from "../../contract/settings/nested";
import { EXECUTORS, type Executor } from "../../contract/values";
import { renderConfig } from "../../runner-image/src/gitlab-runner/config-toml";
import { getValue, type ReplicaSettings } from "../../runner-image/src/settings/settings";
import { SETTINGS } from "../support/replica-settings";
import { rereadConfig } from "../support/reread-config";
import { sampleOf } from "../support/setting-sample";

// Nothing listens on port 1, so gitlab-runner's request to GitLab fails at once.
const URL_WITHOUT_GITLAB = "http://127.0.0.1:1";
const RUNNER = { id: 1, token: "glrt-t1_0123456789", obtainedAtMs: 0, expiresAt: null };

type Tables = Readonly<Record<string, unknown>>;

/** Settings with a key in config.toml. */
const ROWS = REPLICA_KEYS.flatMap((key) => {
  const { toml, executor = "docker" } = settingOf(key);
  return toml === undefined || key === "gitlabUrl" ? [] : [{ key, toml, executor }];
});

/** The values of a replica's settings. */
type Values = "defaults" | "samples" | "samples, true";

/** What gitlab-runner reads from a replica's configuration. */
const configs = new Map<Executor, Readonly<Record<Values, Tables>>>();

describe("a setting, in config.toml as gitlab-runner reads it", () => {
  beforeAll(async () => {
    for (const executor of EXECUTORS) {
      const reread = (values: Values) =>
        rereadConfig(renderConfig(replica(executor, values), RUNNER, 9_000));
      configs.set(executor, {
        defaults: await reread("defaults"),
        samples: await reread("samples"),
        "samples, true": await reread("samples, true"),
      });
    }
  });

  it.each(ROWS)("$key is $toml", ({ key, toml, executor }) => {
    // The example of `executor` is the other executor.
    const config = configs.get(key === "executor" ? "shell" : executor);
    const { type } = settingOf(key);
    const sample = sampleOf(key);
    const written = type.toToml?.(sample) ?? sample;

    const read = readAt(config?.samples, toml);

    if (written === false && read === undefined) {
      // gitlab-runner does not save some of the booleans that are false.
      expect(readAt(config?.["samples, true"], toml)).toBe(true);
      return;
    }
    expect(simplify(read)).toEqual(merged(simplify(written), simplify(read)));
    if (key !== "executor") expect(readAt(config?.defaults, toml)).not.toEqual(read);
  });
});

/** Builds the settings of a replica, with these values for all settings of its executor. */
function replica(executor: Executor, values: Values): ReplicaSettings {
  const { docker, ...others } = SETTINGS;
  const settings: Record<string, unknown> = {
    ...others,
    executor,
    ...(executor === "docker" ? { docker: { ...docker } } : {}),
    gitlabUrl: URL_WITHOUT_GITLAB,
  };
  const owned = ROWS.filter((row) => row.key !== "executor" && isOf(executor, row.key));
  for (const { key } of values === "defaults" ? [] : owned) {
    const sample = sampleOf(key);
    const isFlipped = values === "samples, true" && sample === false;
    setAt(settings, key.split("."), isFlipped ? true : sample);
  }
  if (getValue(settings, "executor") !== executor) throw new Error("wrong executor");
  // The cast is safe: each sample is a parsed value of its key.
  return settings as unknown as ReplicaSettings;
}

function isOf(executor: Executor, key: (typeof REPLICA_KEYS)[number]): boolean {
  const owner = settingOf(key).executor;
  return owner === undefined || owner === executor;
}

/** Returns the value at a key. The table of the first runner is the table of all runners. */
function readAt(config: Tables | undefined, toml: string): unknown {
  return toml.split(".").reduce<unknown>((inside, name) => {
    const table: unknown = Array.isArray(inside) ? inside[0] : inside;
    return isObject(table) ? table[name] : undefined;
  }, config);
}

/** Converts durations to seconds, because gitlab-runner saves them in another form. */
function simplify(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplify);
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, simplify(one)]));
  }
  return typeof value === "string" ? (parseDuration(value) ?? value) : value;
}

/**
 * Returns what gitlab-runner should have read. This project sets further keys of some tables, and
 * gitlab-runner saves one word as a list of it.
 */
function merged(written: unknown, read: unknown): unknown {
  if (isObject(written) && isObject(read)) return { ...read, ...written };
  return typeof written !== "object" && Array.isArray(read) ? [written] : written;
}
