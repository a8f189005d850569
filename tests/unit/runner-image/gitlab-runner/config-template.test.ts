import { describe, expect, it } from "@jest/globals";
import { parse } from "smol-toml";
import { REPLICA_KEYS, settingOf } from "../../../../contract/settings/keys";
import {
  findConflicts,
  readConfigTemplate,
} from "../../../../runner-image/src/gitlab-runner/config-template";
import { renderConfig } from "../../../../runner-image/src/gitlab-runner/config-toml";
import { SETTINGS } from "../../../support/replica-settings";

const RUNNER = { id: 7, token: "glrt-1", obtainedAtMs: 0, expiresAt: null };

const render = (configTemplate: string | undefined, existing = "") =>
  parse(renderConfig({ ...SETTINGS, configTemplate }, RUNNER, 9_000, parse(existing)));

/** What a template sets that a replica with default settings sets, too. */
function conflictsOf(text: string): readonly string[] {
  const read = readConfigTemplate(text);
  if ("problem" in read) throw new Error(read.problem);
  return findConflicts(read.document, render(undefined));
}

describe("a replica's config.toml with a template", () => {
  it("contains the template's keys beside the replica's own", () => {
    const config = render(`connection_max_age = "10m"
[[runners]]
job_status_final_update_retry_limit = 5
[runners.docker]
hostname = "ci"
`);
    expect(config).toMatchObject({
      concurrent: 1,
      connection_max_age: "10m",
      runners: [
        {
          token: "glrt-1",
          job_status_final_update_retry_limit: 5,
          docker: { hostname: "ci", image: "ubuntu:24.04" },
        },
      ],
    });
  });

  it("prefers the template to a mounted config.toml, and the settings to both", () => {
    const mounted = `connection_max_age = "1m"
labels = { a = "mounted", b = "mounted" }
[[runners]]
token = "glrt-1"
step_runner_image = "mounted"
docker = { hostname = "mounted", links = ["mounted"], privileged = true }
`;
    const template = `connection_max_age = "2m"
labels.a = "template"
[[runners]]
step_runner_image = "template"
docker = { hostname = "template", privileged = true }
`;
    expect(render(template, mounted)).toMatchObject({
      connection_max_age: "2m",
      labels: { a: "template", b: "mounted" },
      runners: [
        {
          step_runner_image: "template",
          docker: { hostname: "template", links: ["mounted"], privileged: false },
        },
      ],
    });
  });

  it("keeps integers that JavaScript cannot represent, and floats", () => {
    const config = renderConfig(
      { ...SETTINGS, configTemplate: "a = 9223372036854775807\nb = 1.5" },
      RUNNER,
      9_000,
    );
    expect(config).toContain("a = 9223372036854775807\n");
    expect(config).toContain("b = 1.5\n");
  });
});

describe("the template of a replica without Pulumi", () => {
  it("is TOML", () => {
    expect(readConfigTemplate("[[runners]]\nx = ")).toEqual({
      problem: "RUNNER_CONFIG_TEMPLATE line 2, column 5, is not valid TOML: invalid value",
    });
  });

  it.each(["[[runners]]\n[[runners]]", "[runners]", "runners = 1", "runners = [1]"])(
    "has at most one runner: %j",
    (text) => {
      expect(readConfigTemplate(text)).toEqual({
        problem: "RUNNER_CONFIG_TEMPLATE must have at most one [[runners]]",
      });
    },
  );

  it.each([
    ["a key of a setting", "concurrent = 1", "concurrent: set RUNNER_CONCURRENT instead"],
    ["a key in another case", "Concurrent = 1", "Concurrent: set RUNNER_CONCURRENT instead"],
    [
      "a table at a setting's key",
      "concurrent.x = 1",
      "concurrent.x: set RUNNER_CONCURRENT instead",
    ],
    [
      "a key that the replica sets",
      "shutdown_timeout = 1",
      "shutdown_timeout, which the replica sets itself: remove it",
    ],
    [
      "a key that the replica sets, in another case",
      "[[runners]]\nLimit = 1",
      "runners.Limit, which the replica sets itself: remove it",
    ],
  ])("is rejected for %s", (_name, text, problem) => {
    const line = text.split("\n").length;
    expect(conflictsOf(text)).toEqual([`RUNNER_CONFIG_TEMPLATE line ${line} sets ${problem}`]);
  });

  it("is rejected for every setting that is a key of config.toml", () => {
    for (const key of REPLICA_KEYS) {
      const { toml } = settingOf(key);
      if (toml === undefined) continue;
      const inRunner = toml.replace(/^runners\./, "");
      const text = inRunner === toml ? `${toml} = 0.5` : `[[runners]]\n${inRunner} = 0.5`;
      expect([key, conflictsOf(text)]).toEqual([
        key,
        [expect.stringContaining(`sets ${toml}: set`)],
      ]);
    }
  });

  it("may repeat a value that the replica sets", () => {
    expect(conflictsOf("shutdown_timeout = 20")).toEqual([]);
  });
});
