import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ReplicaImpact } from "../../tools/diff/changes";
import type { SettingChange } from "./setting-change";
import { SINGLE_CHANGES } from "./setting-changes";

/** What a change does to the running replicas, unless it scales the pool. */
const EFFECTS: Readonly<Record<Exclude<ReplicaImpact["kind"], "scaled">, string>> = {
  rolled: "Every replica is replaced",
  untouched: "None",
  created: "The replicas of the new pool start",
  deleted: "The replicas of the removed pool drain",
  replaced: "Every replica stops before new ones start",
};

const DOCUMENTATION = resolve(__dirname, "../../docs/reviewing-diffs.md");

/** The end of the table in the documentation. */
const END = "<!-- end of table -->";

/** The table in the documentation, without the padding of its columns. */
export function documentedTable(): string {
  const [text = ""] = readFileSync(DOCUMENTATION, "utf8").split(END);
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return rows
    .map((row) => row.replace(/\s*\|\s*/g, " | ").trim())
    .join("\n")
    .replace(/-{3,}/g, "---");
}

/** The expected table, one row per change. Another table lists the settings of a batch. */
export function settingTable(): string {
  const rows = SINGLE_CHANGES.map((change) =>
    [change.title, describeDiff(change), describeEffect(change)].join(" | "),
  );
  return ["Change | The diff shows | Effect on running replicas", "--- | --- | ---", ...rows]
    .map((row) => `| ${row} |`)
    .join("\n");
}

function describeDiff({ properties, replaced, created, deleted }: SettingChange): string {
  const updated = Object.entries(properties).flatMap(([resource, paths]) =>
    replaced.includes(resource) ? [] : [`\`${resource}\`: ${paths.map(shortPath).join(", ")}`],
  );
  const parts = [
    ...updated,
    ...listed("replaced", replaced),
    ...listed("created", created),
    ...listed("deleted", deleted),
  ];
  return parts.length === 0 ? "nothing" : parts.join("; ");
}

function describeEffect({ impact, name }: SettingChange): string {
  if (impact !== "scaled") return EFFECTS[impact];
  const effect = name === "replicas-up" ? "New replicas start" : "Surplus replicas drain";
  return `${effect}; the others keep running`;
}

function listed(what: string, resources: readonly string[]): readonly string[] {
  return resources.length === 0
    ? []
    : [`${what}: ${resources.map((name) => `\`${name}\``).join(", ")}`];
}

/** Shows only the last part of a path. */
function shortPath(path: string): string {
  return `\`${path.split(".").at(-1) ?? path}\``;
}
