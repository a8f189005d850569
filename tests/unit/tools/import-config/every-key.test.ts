import { describe, expect, it } from "@jest/globals";
import { formatToml } from "../../../../config-toml/format-toml";
import keys from "../../../../contract/runner-config/keys.json";
import { LISTS_OF_TABLES } from "../../../../contract/runner-config/sections";
import { SETTING_KEYS, settingOf } from "../../../../contract/settings/keys";
import { importConfig } from "../../../support/import-config";

/** A value for each Go type. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  string: "sample",
  bool: true,
  int: 7n,
  int64: 7n,
  float64: 1.5,
  "time.Duration": "90s",
  "time.Time": new Date(1_700_000_000_000),
  "[]string": ["sample"],
  "[]float64": [1.5],
  "map[string]string": { name: "sample" },
  "map[string]bool": { FF_NAME: true },
  "map[string][]string": { name: ["sample"] },
  "common.StringOrArray": ["sample"],
};

const RUNNER = {
  name: "builds",
  url: "https://gitlab.example.com",
  token: "glrt-t1_0123456789",
  executor: "docker",
};

/** Writes a config.toml with one key besides those that every runner has. */
function fileWith(key: string, value: unknown): string {
  const [outer, inner] = key.startsWith("runners.")
    ? [{}, nest("runners", key.slice("runners.".length), value)]
    : [nest("", key, value), {}];
  return formatToml({ ...outer, runners: [{ ...RUNNER, ...inner }] });
}

function nest(section: string, path: string, value: unknown): Record<string, unknown> {
  const [name = "", ...rest] = path.split(".");
  if (rest.length === 0) return { [name]: value };
  const key = section === "" ? name : `${section}.${name}`;
  const inside = nest(key, rest.join("."), value);
  return { [name]: LISTS_OF_TABLES.includes(key) ? [inside] : inside };
}

/** Keys whose setting has another key in its row. */
const OTHER_SETTINGS: Readonly<Record<string, string>> = {
  "runners.cache.gcs.CredentialsFile": "cache.gcs.credentials",
  "runners.tls-ca-file": "caCertificate",
  "runners.tls-cert-file": "clientCertificate",
  "runners.tls-key-file": "clientKey",
};

/** Texts of the output that say what happened to a key. */
function textsAbout(key: string): readonly string[] {
  const parts = key.split(".");
  const sections = parts.map((_part, index) => parts.slice(0, index + 1).join("."));
  const settings = SETTING_KEYS.filter((one) => sections.includes(settingOf(one).toml ?? ""));
  return [
    ...sections.filter((section) => section !== "runners").map((section) => `${section}:`),
    ...settings.map((one) => one.slice(one.lastIndexOf(".") + 1)),
    `${parts.at(-1) ?? ""} = `,
    `${parts.at(-1) ?? ""}]`,
    OTHER_SETTINGS[key] ?? key,
  ];
}

describe("npm run import-config", () => {
  it.each(Object.entries(keys).filter(([key]) => key !== "runners.token"))(
    "accounts for %s",
    async (key, type) => {
      const sample = SAMPLES[type.replace(/^\*/, "")];
      // The others are structures of other executors, which are dropped as a whole.
      if (sample === undefined) return;
      const { printed, complained } = await importConfig(fileWith(key, sample));
      expect(complained).toBe("");
      const isTold = textsAbout(key).some((text) => printed.includes(text));
      expect(isTold ? "" : printed).toBe("");
    },
  );

  it("tests nearly every key", () => {
    const skipped = Object.entries(keys).filter(
      ([, type]) => SAMPLES[type.replace(/^\*/, "")] === undefined,
    );
    expect(skipped.map(([key]) => key).filter((key) => !/kubernetes|autoscaler/.test(key))).toEqual(
      [],
    );
  });
});
