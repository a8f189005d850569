import { stringify } from "yaml";
import { toPlainLine } from "../../contract/plain-text";
import { GITLAB_TOKEN, MASK, redactSecrets } from "../../contract/redact";
import { setAt } from "../../contract/settings/nested";
import type { Note } from "./found-key";
import type { Plan, PlannedPool } from "./plan";

/** The namespace of the settings in the stack config. */
const PROJECT = "gitlab-runner-pool";

/** Renders a plan as YAML for Pulumi.STACK.yaml. Comments say what else to do. */
export function renderPlan(plan: Plan): string {
  const all = plan.pools;
  const [top, ...pools] = all;
  const text = [
    ...(top === undefined ? [] : [renderConfig(top, pools)]),
    ...section("Set the secrets with these commands, which ask for the values:", all, listSecrets),
    ...section("Not imported:", all, ({ dropped }) => dropped.map(formatNote)),
    ...section("Problems, which you must solve:", all, ({ problems }) => problems.map(formatNote)),
    ...(plan.refused.length === 0 ? [] : [comment(plan.refused.map(formatNote))]),
    ...(top === undefined ? [] : [comment(REMINDERS)]),
  ].join("\n");
  return redactSecrets(text, plan.hidden).replace(new RegExp(GITLAB_TOKEN, "g"), MASK);
}

const REMINDERS = [
  "`concurrent` is the limit of each replica, and a pool has 2 replicas unless you set `replicas`.",
  "A stack also needs `registry.address`. docs/settings.md lists all settings.",
];

function renderConfig(top: PlannedPool, pools: readonly PlannedPool[]): string {
  const config = nestValues(top.values);
  if (pools.length > 0) {
    config["pools"] = Object.fromEntries(
      pools.map(({ pool = "", values }) => [pool, nestValues(values)]),
    );
  }
  const entries = Object.entries(config).map(([key, value]) => [`${PROJECT}:${key}`, value]);
  return stringify({ config: Object.fromEntries(entries) as unknown }, { lineWidth: 0 });
}

function nestValues(values: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [key, value] of values) setAt(nested, key.split("."), value);
  return nested;
}

/** Renders a comment with a heading, and the lines of each pool. */
function section(
  heading: string,
  pools: readonly PlannedPool[],
  lines: (pool: PlannedPool) => readonly string[],
): readonly string[] {
  const found = pools.flatMap((pool) => lines(pool));
  const distinct = [...new Set(found)];
  return distinct.length === 0 ? [] : [comment([heading, ...distinct.map((line) => `  ${line}`)])];
}

function listSecrets({ pool, secrets, sharedSecrets }: PlannedPool): readonly string[] {
  return [...secrets, ...(pool === undefined ? sharedSecrets : [])].map((key) => {
    const path = pool === undefined ? key : `pools.${pool}.${key}`;
    const flag = path.includes(".") ? "--path " : "";
    return `pulumi config set --secret ${flag}${path}`;
  });
}

function formatNote({ line, text }: Note): string {
  return line === undefined ? text : `line ${line}: ${text}`;
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => `# ${toPlainLine(line)}\n`).join("");
}
