import { execFileSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import { SETTING_KEYS } from "../../contract/settings/keys";
import { registerFlags } from "../../dev/docs/migration-table";
import { findGitlabRunner } from "../support/gitlab-runner-binary";

describe("the flags of gitlab-runner register in docs/migrating.md", () => {
  it("exist", async () => {
    const help = execFileSync(await findGitlabRunner(), ["register", "--help"], {
      encoding: "utf8",
    });
    const flags = SETTING_KEYS.flatMap(registerFlags);
    const missing = flags.filter(
      (flag) => flag !== "--" && !new RegExp(`${flag}(?![\\w-])`).test(help),
    );
    expect(missing).toEqual([]);
  });
});
