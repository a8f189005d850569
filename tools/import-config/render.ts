import { stringify } from "yaml";
import { toPlainLine } from "../../contract/plain-text";
import { GITLAB_TOKEN, MASK, MIN_SECRET_LENGTH, redactSecrets } from "../../contract/redact";
import { settingOf } from "../../contract/settings/keys";
import { buildConfig, toPath } from "./build-config";
import type { Note } from "./found-key";
import type { Plan, PlannedPool } from "./plan";

/** The namespace of the settings in the stack config. */
const PROJECT = "gitlab-runner-pool";

/** Renders a plan as YAML for Pulumi.STACK.yaml. Comments say what else to do. */
export function renderPlan({ pools, refused, rejections, hidden }: Plan): string {
  const notes = (read: (pool: PlannedPool) => readonly Note[]) => pools.flatMap(read).map(format);
  const text = [
    ...(pools.length === 0 ? [] : [renderConfig(pools)]),
    ...section(
      `Set the secrets with these commands, which ask for the values${describeMinimum(pools)}:`,
      pools.flatMap(listSecrets),
    ),
    ...section(
      "Set these with commands that read the files of the old machine:",
      pools.flatMap(listFiles),
    ),
    ...section(
      "Imported, but different:",
      notes(({ differences }) => differences),
    ),
    ...section(
      "Not imported:",
      notes(({ dropped }) => dropped),
    ),
    ...section(
      "Problems, which you must solve:",
      notes(({ problems }) => problems),
    ),
    ...section("`pulumi up` rejects this config, so you must correct:", rejections),
    ...(refused.length === 0 ? [] : [comment(refused.map(format))]),
    ...(pools.length === 0 ? [] : [comment(listReminders(pools))]),
  ].join("\n");
  return redactSecrets(text, hidden).replace(new RegExp(GITLAB_TOKEN, "g"), MASK);
}

function listReminders(pools: readonly PlannedPool[]): readonly string[] {
  return [
    "`concurrent` is the limit of each replica, and a pool has 2 replicas unless you set `replicas`.",
    ...(pools.length === 1
      ? []
      : ["In the file, it limited all runners together. Here, each pool has its own."]),
    "A stack also needs `registry.address`. docs/settings.md lists all settings.",
  ];
}

function renderConfig(pools: readonly PlannedPool[]): string {
  const entries = Object.entries(buildConfig(pools));
  const config = Object.fromEntries(entries.map(([key, value]) => [`${PROJECT}:${key}`, value]));
  return stringify({ config }, { lineWidth: 0 });
}

/** Renders a comment with a heading, if there is a line below it. */
function section(heading: string, lines: readonly string[]): readonly string[] {
  const distinct = [...new Set(lines)];
  return distinct.length === 0 ? [] : [comment([heading, ...distinct.map((line) => `  ${line}`)])];
}

function listSecrets({ pool, secrets, files }: PlannedPool): readonly string[] {
  const asked = [...secrets.keys()].filter((key) => [...files.keys()].every((one) => one !== key));
  return asked.map((key) => `pulumi config set ${flags(pool, key, true)}`);
}

/** Says how long the values of secret variables must be, if there are any. */
function describeMinimum(pools: readonly PlannedPool[]): string {
  const keys = pools.flatMap(({ secrets }) => [...secrets.keys()]);
  return keys.some((key) => key.startsWith("secretEnvironment."))
    ? ` (in \`secretEnvironment\`, at least ${MIN_SECRET_LENGTH} characters)`
    : "";
}

function listFiles({ pool, files }: PlannedPool): readonly string[] {
  return [...files].map(([key, file]) => {
    const isSecret = settingOf(key).secret === true;
    const command = `pulumi config set ${flags(pool, key, isSecret)}`;
    return isSecret ? `${command} < ${quote(file)}` : `${command} -- "$(cat ${quote(file)})"`;
  });
}

function flags(pool: string | undefined, key: string, isSecret: boolean): string {
  const path = [...toPath(pool), key].join(".");
  return [...(isSecret ? ["--secret"] : []), ...(path.includes(".") ? ["--path"] : []), path].join(
    " ",
  );
}

/** Quotes a word for a shell if necessary. */
function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function format({ line, text }: Note): string {
  return line === undefined ? text : `line ${line}: ${text}`;
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => `# ${toPlainLine(line)}\n`).join("");
}
