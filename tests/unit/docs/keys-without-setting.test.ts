import { describe, expect, it } from "@jest/globals";
import { RUNNER_KEY_PATHS, rowsFor } from "../../../contract/runner-config/uses";
import { keysWithoutSetting } from "../../../dev/docs/keys-without-setting";
import { migrationTable, registerFlags } from "../../../dev/docs/migration-table";

/** Returns the second cell of each row by the first one. */
function cellsOf(table: string): ReadonlyMap<string, string> {
  const [, , ...rows] = table.split("\n").map((line) => line.split(" | "));
  return new Map(
    rows.map(([key = "", cell = ""]) => [key.slice(2), cell.replace(/ \|$/, "")] as const),
  );
}

describe("the tables of keys", () => {
  const others = cellsOf(keysWithoutSetting());

  it("have every key of gitlab-runner once", () => {
    const settings = cellsOf(migrationTable());
    for (const key of RUNNER_KEY_PATHS) {
      const [row] = rowsFor(key);
      const path = row?.isSection === true ? `${row.path}.*` : key;
      // The keys of a service are fields of one setting.
      const owner = key.replace(/^runners\.docker\.services\..*/, "runners.docker.services");
      const isSetting = row?.use.kind === "setting";
      expect([key, others.has(`\`${path}\``)]).toEqual([key, !isSetting]);
      if (isSetting) expect([key, settings.has(`\`${owner}\``)]).toEqual([key, true]);
    }
  });

  it("name the token, the name and flags that are a part of a setting", () => {
    const settings = cellsOf(migrationTable());
    expect(settings.get("`runners.token`")).toBe("`--token`, `--registration-token`");
    expect(settings.get("`runners.name`")).toBe("`--name`");
    expect(registerFlags("concurrent")).toEqual(["--limit"]);
    expect(registerFlags("cache.s3.serverAddress")).toContain("--cache-s3-insecure");
  });

  it("say what to use instead, or why there is no setting", () => {
    expect(others.get("`connection_max_age`")).toBe("`configTemplate`");
    expect(others.get("`runners.cache.s3.Insecure`")).toBe("`cache.s3.serverAddress`");
    expect(others.get("`runners.limit`")).toMatch(/^It equals `concurrent`/);
    expect(others.get("`runners.id`")).toBe("GitLab assigns the runner's ID.");
    expect(others.get("`runners.kubernetes.*`")).toMatch(/^It belongs to the kubernetes executor/);
  });
});
