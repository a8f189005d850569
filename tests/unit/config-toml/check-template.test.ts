import { describe, expect, it } from "@jest/globals";
import { checkTemplate, type TemplateFinding } from "../../../config-toml/check-template";
import { parseToml } from "../../../config-toml/parse-toml";
import { rowsFor, RUNNER_KEY_PATHS } from "../../../contract/runner-config/uses";
import { LISTS_OF_TABLES, RUNNER_SECTIONS } from "../../../contract/runner-config/sections";

function check(text: string): readonly TemplateFinding[] {
  const result = parseToml(text);
  if ("problem" in result) throw new Error(result.problem.message);
  return checkTemplate(result.document);
}

/** A document that sets one key to a value. */
function documentWith(key: string, value: string): string {
  const parts = key.split(".");
  const lines = parts.slice(0, -1).map((_part, index) => {
    const section = parts.slice(0, index + 1).join(".");
    return LISTS_OF_TABLES.includes(section) ? `[[${section}]]` : `[${section}]`;
  });
  return [...lines, `${parts.at(-1) ?? ""} = ${value}`].join("\n");
}

const ONE_RUNNER = "[[runners]]\n";

describe("checkTemplate", () => {
  it("accepts keys that only a template sets", () => {
    expect(
      check(`connection_max_age = "10m"
session_server.session_timeout = 600
[[runners]]
job_status_final_update_retry_limit = 5
[runners.docker]
hostname = "ci"
links = []
[runners.artifact]
upload_timeout = "2h"
`),
    ).toEqual([]);
  });

  it("reports every key that has another use, and no key that only a template sets", () => {
    for (const key of RUNNER_KEY_PATHS) {
      const [use] = rowsFor(key).map((row) => row.use.kind);
      // No key accepts a list of numbers, so a template's key has a wrong type.
      const found = check(documentWith(key, "[0.5]")).filter(({ kind }) => kind !== "invalid");
      expect([key, found.length]).toEqual([key, use === "template" ? 0 : 1]);
      if (use === "setting") expect(found[0]?.kind).toBe("owned");
      if (["fixed", "registration", "unfit"].includes(use ?? "")) {
        // A setting may own the whole section.
        expect(["reserved", "owned"]).toContain(found[0]?.kind);
      }
    }
  });

  it.each([
    ["a second runner", "[[runners]]\n[[runners]]\n", { line: 2, kind: "another runner" }],
    ["one runner without a list", "\n[runners]\nname = 1", { line: 2, kind: "invalid" }],
    ["a list where a table belongs", "[[runners]]\n[[runners.docker]]", { line: 2 }],
    ["a table where a list belongs", "[[runners]]\n[runners.docker.services]", { line: 2 }],
    ["a value where a table belongs", "session_server = true", { line: 1, kind: "invalid" }],
    ["a list of values where tables belong", "runners = [1]", { line: 1, kind: "invalid" }],
    ["the name of a map's prototype", "__proto__ = 1", { line: 1, kind: "unknown" }],
    ["the name of a method", `${ONE_RUNNER}constructor = 1`, { line: 2, kind: "unknown" }],
    ["a section in quotes with a dot", '"runners.docker" = 1', { line: 1, kind: "unknown" }],
    ["a section that is unfit", `${ONE_RUNNER}[runners.kubernetes]`, { line: 2, kind: "reserved" }],
    ["a date", `${ONE_RUNNER}step_runner_image = 1979-05-27`, { line: 2, kind: "invalid" }],
  ])("reports %s", (_name, text, finding) => {
    const found = check(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject(finding);
  });

  it.each([
    ["another spelling", "[[runners]]\n[runners.docker]\nhostnam = ''", "runners.docker.hostname"],
    ["another case", "[[runners]]\n[runners.docker]\nHostname = ''", "runners.docker.hostname"],
    ["another spelling of a section", "[[runners]]\n[runners.dokcer]", "runners.docker"],
    ["another section", "[[runners]]\nhostname = ''", "runners.docker.hostname"],
    ["a global key in a runner", "[[runners]]\nconnection_max_age = ''", "connection_max_age"],
    ["a runner's key outside", "step_runner_image = ''", "runners.step_runner_image"],
    ["a runner's section outside", "[docker]\nhostname = ''", "runners.docker"],
    ["another case at the top", "[[Runners]]", "runners"],
    ["nothing similar", "zzzzzzzzzz = 1", undefined],
  ])("suggests a key for %s", (_name, text, meant) => {
    expect(check(text)).toMatchObject([{ kind: "unknown", meant }]);
  });

  it("knows only lists of tables that are sections", () => {
    expect(LISTS_OF_TABLES.filter((section) => !RUNNER_SECTIONS.has(section))).toEqual([]);
  });
});
