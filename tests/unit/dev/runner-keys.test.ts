import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse, type TomlTable, type TomlValue } from "smol-toml";
import { REPLICA_KEYS, SETTING_KEYS, settingOf } from "../../../contract/settings/keys";
import { setAt } from "../../../contract/settings/nested";
import type { KeyUse } from "../../../contract/runner-config/key-use";
import { RUNNER_KEY_PATHS, rowsFor, USE_ROWS } from "../../../contract/runner-config/uses";
import { renderConfig } from "../../../runner-image/src/gitlab-runner/config-toml";
import type { ReplicaSettings } from "../../../runner-image/src/settings/settings";
import { findCertificates } from "../../../runner-image/src/start/certificates";
import { SETTINGS } from "../../support/replica-settings";
import { sampleOf } from "../../support/setting-sample";

/** Whether an existing setting provides the key. */
function isBuilt(use: KeyUse): use is Extract<KeyUse, { readonly setting: string }> {
  return use.kind === "setting";
}

/** Keys of the given kinds. */
const keysOf = (...kinds: readonly KeyUse["kind"][]): readonly string[] =>
  RUNNER_KEY_PATHS.filter((key) => rowsFor(key).some(({ use }) => kinds.includes(use.kind)));

describe("the keys of gitlab-runner's config.toml", () => {
  it("each have exactly one row", () => {
    expect(RUNNER_KEY_PATHS.filter((key) => rowsFor(key).length !== 1)).toEqual([]);
  });

  it("include every key that a row names", () => {
    const empty = USE_ROWS.filter((row) => !RUNNER_KEY_PATHS.some((key) => rowsFor(key, [row])[0]));
    expect(empty.map(({ path }) => path)).toEqual([]);
  });

  it("match the settings' own rows", () => {
    const owned = USE_ROWS.flatMap(({ path, use }) =>
      isBuilt(use) ? [`${path} = ${use.setting}`] : [],
    );
    const named = SETTING_KEYS.flatMap((key) => {
      const { toml } = settingOf(key);
      return toml === undefined ? [] : keysBelow(toml).map((path) => `${path} = ${key}`);
    });
    expect(owned.sort()).toEqual(named.sort());
  });

  it("have a sentence that says why users cannot set them", () => {
    const reasons = USE_ROWS.flatMap(({ use }) => ("why" in use ? [use.why] : []));
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasons.filter((why) => !/^[A-Z].* .*\.$/.test(why))).toEqual([]);
  });
});

/** The keys that a setting with this key provides: one, or those of the tables in a list. */
function keysBelow(toml: string): readonly string[] {
  return RUNNER_KEY_PATHS.filter(
    (path) =>
      path === toml ||
      (path.startsWith(`${toml}.`) && rowsFor(path).every(({ use }) => use.kind !== "unfit")),
  );
}

describe("the config.toml of a replica", () => {
  const rendered = (["docker", "shell"] as const).flatMap((executor) => leavesOf(render(executor)));

  it("contains every key that is a setting, fixed, or set by registration", () => {
    const missing = keysOf("setting", "besides", "fixed", "registration").filter(
      (key) => !isIn(key),
    );
    expect(missing).toEqual([]);
  });

  it("contains no key that only a template sets, or that does not fit", () => {
    expect(keysOf("template", "unfit").filter(isIn)).toEqual([]);
  });

  /** A map is one key in the list, but has its own keys here. */
  function isIn(key: string): boolean {
    return rendered.some((path) => path === key || path.startsWith(`${key}.`));
  }
});

/** Renders the configuration of a replica in which every setting has a value. */
function render(executor: "docker" | "shell"): TomlTable {
  const { docker, ...others } = SETTINGS;
  const settings: Record<string, unknown> = {
    ...others,
    ...(executor === "docker" ? { docker: { ...docker } } : {}),
  };
  for (const key of REPLICA_KEYS) {
    const { toml, executor: owner = executor } = settingOf(key);
    if (toml !== undefined && owner === executor) setAt(settings, key.split("."), sampleOf(key));
  }
  settings["executor"] = executor;
  // Only this form of the address has a second key.
  setAt(settings, ["cache", "s3", "serverAddress"], { host: "minio.example.com", plainHttp: true });
  const runner = { id: 7, token: "glrt-1", obtainedAtMs: 0, expiresAt: "2027-01-01T00:00:00Z" };
  // The cast is safe: each sample is a parsed value of its key.
  const files = { runner: findCertificates(makeCertificateFiles(), "https://gitlab.example.com") };
  return parse(renderConfig(settings as unknown as ReplicaSettings, runner, 9_000, {}, files));
}

/** Makes a folder with all certificate files of a GitLab. */
function makeCertificateFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  for (const end of ["crt", "auth.crt", "auth.key"]) {
    writeFileSync(join(folder, `gitlab.example.com.${end}`), "");
  }
  return folder;
}

/** Paths of all values. A list of tables counts as the table in it. */
function leavesOf(table: TomlTable, prefix = ""): readonly string[] {
  return Object.entries(table).flatMap(([name, value]) => {
    const tables = tablesIn(value);
    return tables.length === 0
      ? [`${prefix}${name}`]
      : tables.flatMap((inner) => leavesOf(inner, `${prefix}${name}.`));
  });
}

function tablesIn(value: TomlValue): readonly TomlTable[] {
  if (Array.isArray(value)) return value.flatMap(tablesIn);
  return typeof value === "object" && !(value instanceof Date) ? [value] : [];
}
