import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { RunnerPool } from "../../../../components/pool/runner-pool";
import { SETTING_KEYS, settingOf } from "../../../../contract/settings/keys";
import { declare } from "../../../support/mocks";
import { problemsOf, settingsOf, withConfig } from "../../stack/read";

const TEMPLATE = "[[runners]]\njob_status_final_update_retry_limit = 5\n";

/** The problems of a template in stack config. */
const problemsWith = (configTemplate: string, others: Record<string, string> = {}) =>
  problemsOf(withConfig({ configTemplate, ...others }));

describe("configTemplate", () => {
  it("is passed to the pool as it is", () => {
    const { pool } = settingsOf(withConfig({ configTemplate: TEMPLATE }));
    expect(pool.args.configTemplate).toBe(TEMPLATE);
  });

  it("loses Windows line endings and a byte order mark", () => {
    const windows = `\ufeff${TEMPLATE.replaceAll("\n", "\r\n")}`;
    expect(settingsOf(withConfig({ configTemplate: windows })).pool.args.configTemplate).toBe(
      TEMPLATE,
    );
  });

  it.each(["", " \n", "# nothing\n"])("may be empty: %j", (text) => {
    expect(problemsWith(text)).toEqual([]);
  });

  it("is inherited by an additional pool, which can set its own", () => {
    const { additionalPools } = settingsOf(
      withConfig({
        configTemplate: TEMPLATE,
        pools: '{"a":{},"b":{"configTemplate":""}}',
      }),
    );
    expect(additionalPools.map(({ args }) => args.configTemplate)).toEqual([TEMPLATE, ""]);
  });

  it.each([
    [
      "a key that a setting with a default owns",
      "concurrent = 3",
      "`configTemplate` line 1 sets concurrent, which the setting `concurrent` owns (its default is 1): set `concurrent` and remove the line",
    ],
    [
      "a key that a setting without a default owns",
      '[[runners]]\n[runners.docker]\nhelper_image = "x"',
      "`configTemplate` line 3 sets runners.docker.helper_image, which the setting `docker.helperImage` owns: set `docker.helperImage` and remove the line",
    ],
    [
      "a key that the replica sets",
      "\n\nshutdown_timeout = 1",
      "`configTemplate` line 3 sets shutdown_timeout, which a template cannot set: A forced stop has a fixed limit. For a normal stop, set `drainTimeout`. Remove it.",
    ],
    [
      "a misspelled key",
      '[[runners]]\n[runners.docker]\nhostnam = "x"',
      "`configTemplate` line 3 sets runners.docker.hostnam, which gitlab-runner does not know: did you mean runners.docker.hostname?",
    ],
    [
      "a value of the wrong type",
      "[[runners]]\n[runners.docker]\nhostname = 5",
      "`configTemplate` line 3: runners.docker.hostname must be a string in quotes, got 5",
    ],
    [
      "an entry of the wrong type",
      "[[runners]]\n[runners.docker]\nlinks = ['a', 5]",
      '`configTemplate` line 3: runners.docker.links[1] must be a string in quotes, got ["a",5]',
    ],
    [
      "two runners",
      "[[runners]]\n[[runners]]",
      "`configTemplate` line 2 begins a second [[runners]], but a replica has one runner: declare an additional pool under `pools` instead",
    ],
    [
      "text that is not TOML",
      "[[runners]]\nname = ",
      "`configTemplate` line 2, column 8, is not valid TOML: invalid value",
    ],
    [
      "a key that appears twice",
      "connection_max_age = '1m'\nconnection_max_age = '2m'",
      "`configTemplate` line 2, column 1, is not valid TOML: this key or table is defined twice, or first as another kind of value",
    ],
    [
      "a token",
      "[[runners]]\nstep_runner_image = 'glpat-0123456789abcdef'",
      "`configTemplate` line 2 contains a GitLab token, but a template is not secret: remove it",
    ],
  ])("reports %s", (_name, text, problem) => {
    expect(problemsWith(text)).toEqual([problem]);
  });

  it("reports a conflict with both places", () => {
    const text = "concurrent = 3";
    expect(problemsWith(text, { concurrent: "2" })).toEqual([
      "`configTemplate` line 1 sets concurrent, which the setting `concurrent` already sets: keep the setting and remove the line",
    ]);
    expect(
      problemsOf({
        ...withConfig({}),
        env: { RUNNER_CONFIG_TEMPLATE: text, RUNNER_CONCURRENT: "2" },
      }),
    ).toEqual([
      "RUNNER_CONFIG_TEMPLATE (`configTemplate`) line 1 sets concurrent, which the setting RUNNER_CONCURRENT (`concurrent`) already sets: keep the setting and remove the line",
    ]);
    expect(
      problemsOf(withConfig({ pools: JSON.stringify({ big: { configTemplate: text } }) })),
    ).toEqual([
      "`pools.big.configTemplate` line 1 sets concurrent, which the setting `concurrent` owns (its default is 1): set `concurrent` and remove the line",
    ]);
  });

  it("reports a conflict with each setting that is a key of config.toml", () => {
    for (const key of SETTING_KEYS) {
      const { toml } = settingOf(key);
      if (toml === undefined) continue;
      const [first = "", ...rest] = toml.split(".");
      const isTables = settingOf(key).type.label === "list of objects";
      const value = isTables ? "[{ name = 'a' }]" : "0.5";
      const text =
        first === "runners" ? `[[runners]]\n${rest.join(".")} = ${value}` : `${toml} = ${value}`;
      const [problem = ""] = problemsWith(text);
      expect(problem).toContain(`sets ${toml}, which the setting \`${key}\` `);
    }
  });

  it("reports the docker executor's section in a pool with another executor", () => {
    const text = "[[runners]]\n[runners.docker]\nhostname = 'x'";
    expect(problemsWith(text, { executor: "shell" })).toEqual([
      "`configTemplate` line 2 sets runners.docker, which requires the docker executor, but `executor` is shell: remove it",
    ]);
  });

  it("lists at most 20 problems", () => {
    const text = Array.from({ length: 30 }, (_, index) => `unknown${index} = 1`).join("\n");
    const problems = problemsWith(text);
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe("`configTemplate` has 10 more problems");
  });

  it.each([
    ["NUL", "a\0"],
    ["an escape sequence", "# \u001b[31m"],
    ["a single carriage return", "a = 1\rb = 2"],
  ])("rejects text with %s", (_name, text) => {
    expect(problemsWith(text)[0]).toContain(
      "`configTemplate` must not contain control characters other than tabs and line breaks",
    );
  });

  it("rejects text of more than 64 KiB", () => {
    expect(problemsWith(`# ${"é".repeat(32 * 1024)}`)[0]).toContain(
      "`configTemplate` must be at most 65536 bytes; it has 65538",
    );
  });

  it.each(["/builds/tmp/TEMPLATE", "./runner.toml"])("rejects the path %s without @", (path) => {
    expect(problemsWith(path)[0]).toContain(
      `\`configTemplate\` must be TOML, or a path with @ in front, such as @${path}`,
    );
  });

  it("rejects an object", () => {
    expect(problemsWith('{"concurrent":1}')[0]).toContain("`configTemplate` must be a string");
  });
});

describe("configTemplate from a file", () => {
  let folder = "";
  const inFolder = (name: string) => `@${relative(process.cwd(), join(folder, name))}`;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "template-"));
    writeFileSync(join(folder, "good.toml"), TEMPLATE);
    writeFileSync(join(folder, "bad.toml"), "\nconcurrent = 3");
    writeFileSync(join(folder, "large.toml"), "#".repeat(64 * 1024 + 1));
    writeFileSync(join(folder, "binary.toml"), Buffer.from([0x61, 0xff, 0x00]));
    writeFileSync(join(folder, "nul.toml"), "a\0");
    writeFileSync(join(folder, "nested.toml"), "@good.toml");
    mkdirSync(join(folder, "folder.toml"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("is read by the program, relative to the working directory", () => {
    const { pool } = settingsOf(withConfig({ configTemplate: `${inFolder("good.toml")}\n` }));
    expect(pool.args.configTemplate).toBe(TEMPLATE);
  });

  it("is named beside the line of a problem", () => {
    const value = inFolder("bad.toml");
    expect(problemsWith(value)).toEqual([
      `\`configTemplate\` (${value.slice(1)}) line 2 sets concurrent, which the setting \`concurrent\` owns (its default is 1): set \`concurrent\` and remove the line`,
    ]);
  });

  it.each([
    ["missing.toml", "does not exist"],
    ["folder.toml", "is a folder"],
    ["large.toml", "has 65537"],
    ["binary.toml", "is not text in UTF-8"],
    ["nul.toml", "is not text in UTF-8"],
    ["nested.toml", "must be TOML: a replica does not read a file for it"],
  ])("is rejected in one sentence: %s %s", (name, rule) => {
    const problems = problemsWith(inFolder(name));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(rule);
    expect(problems[0]).toContain(`got "${inFolder(name).slice(0, 20)}`);
  });

  it.each([
    ["@", "must name a file after the @"],
    ["@ ", "must name a file after the @"],
    ["@/dev/zero", "/dev/zero is not a regular file"],
    ["@/dev/null/x", "/dev/null/x cannot be read (ENOTDIR)"],
    ["@a\0b", "cannot be read (ERR_INVALID_ARG_VALUE)"],
  ])("is rejected if its name is %j", (value, rule) => {
    expect(problemsWith(value)[0]).toContain(rule);
  });

  it("may be an argument of the component", async () => {
    let message = "";
    await declare(() => {
      try {
        new RunnerPool("ci", {
          gitlabUrl: "https://gitlab.example.com",
          token: "glrt-a-token-of-a-runner",
          image: "registry.example.com/ci/runner:1@sha256:abc",
          configTemplate: inFolder("bad.toml"),
        });
      } catch (error) {
        message = String(error);
      }
      return {};
    });
    expect(message).toContain(`\`configTemplate\` (${inFolder("bad.toml").slice(1)}) line 2 sets`);
  });
});
