import { formatToml } from "../../config-toml/format-toml";
import type { TomlDocument } from "../../config-toml/parse-toml";
import { redactSecrets } from "../../contract/redact";
import { defaultOf, type SettingKey } from "../../contract/settings/keys";
import { setAt } from "../../contract/settings/nested";
import { detectTokenKind } from "../../contract/token";
import { EXECUTORS } from "../../contract/values";
import { checkPlan } from "./check-plan";
import { listDifferences } from "./differences";
import type { FoundKey, Note } from "./found-key";
import { importKeys, type ImportedKeys } from "./import-keys";
import { adjustInherited } from "./inheritance";
import { namePools } from "./pool-names";
import { readKey, type Runner } from "./runners";
import { sortKeys } from "./sort-keys";

/** What a runner becomes. */
export interface PlannedPool {
  /** Undefined for the default pool. */
  readonly pool: string | undefined;
  readonly runner: Runner;
  /** Values by the key of a setting. */
  readonly values: ReadonlyMap<string, unknown>;
  /** The paths of its secret settings, and their values if they are known. */
  readonly secrets: ReadonlyMap<string, unknown>;
  /** Those that all pools share. They are set for the default pool, and others inherit them. */
  readonly sharedSecrets: ReadonlyMap<string, unknown>;
  /** Files of the old machine whose contents are settings. */
  readonly files: ReadonlyMap<SettingKey, string>;
  /** What differs from gitlab-runner although it is imported. */
  readonly differences: readonly Note[];
  readonly dropped: readonly Note[];
  readonly problems: readonly Note[];
}

export interface Plan {
  readonly pools: readonly PlannedPool[];
  /** Runners that no pool can run, and why. */
  readonly refused: readonly Note[];
  /** Why the program would reject the config. */
  readonly rejections: readonly string[];
  /** Strings that nothing may print. */
  readonly hidden: readonly string[];
}

/**
 * Plans a pool for each runner: the default pool for the first, and additional pools.
 * @param hidden strings that nothing may print
 */
export function planPools(
  document: TomlDocument,
  runners: readonly Runner[],
  hidden: readonly string[],
): Plan {
  const refused = runners.flatMap((runner) => refuseExecutor(runner) ?? []);
  const accepted = runners.filter((runner) => refuseExecutor(runner) === undefined);
  const names = namePools(accepted.map(({ name }) => name));
  const planned = accepted.map((runner, at) =>
    withoutHidden(planPool(document, runner, names[at]), hidden),
  );
  const [top] = planned;
  const pools = planned.map((pool) =>
    top === undefined || pool === top ? pool : adjustInherited(pool, top),
  );
  return { pools, refused, rejections: pools.length === 0 ? [] : checkPlan(pools), hidden };
}

function refuseExecutor({ name, line, table }: Runner): Note | undefined {
  const executor = readKey(table, "executor");
  if (EXECUTORS.some((one) => one === executor)) return undefined;
  const shown = typeof executor === "string" ? `the executor ${executor}` : "no executor";
  return {
    line,
    text: `the runner "${name}" has ${shown}, but a pool runs only ${EXECUTORS.join(" and ")}: it is not imported. To convert its other keys, change its executor to docker in a copy of the file`,
  };
}

function planPool(
  { table, lineOf }: TomlDocument,
  runner: Runner,
  pool: string | undefined,
): PlannedPool {
  const executor = readKey(runner.table, "executor");
  const { used, unused } = splitSections(runner, executor);
  const global = importKeys(sortKeys(table, [], "", lineOf));
  const sorted = sortKeys(used, runner.path, "runners", lineOf);
  const own = importKeys(sorted);
  const all = [global, own];
  const template = formatTemplate(all.flatMap((keys) => keys.template));
  const values = new Map([
    ...global.values,
    ...own.values,
    ...describeToken(runner),
    ...(template === "" ? [] : ([["configTemplate", template]] as const)),
  ]);
  const limit = limitJobs(values, own.limit);
  const token = readKey(runner.table, "token");
  return {
    pool,
    runner,
    values,
    secrets: new Map([
      ["token", typeof token === "string" && token !== "" ? token : undefined],
      ...own.secrets,
      ...(pool === undefined ? global.secrets : []),
    ]),
    sharedSecrets: global.secrets,
    files: own.files,
    differences: [
      ...listDifferences(
        values,
        all.flatMap((keys) => keys.template),
        {
          runner: runner.line,
          cache: sorted.settings.get("cache.type")?.line,
        },
      ),
      ...(limit?.kind === "applied" ? [limit.note] : []),
      ...notesOf(all, "differences"),
    ],
    dropped: [
      ...(limit?.kind === "useless" ? [limit.note] : []),
      ...notesOf(all, "dropped"),
      ...unused.map((name) => ({
        line: lineOf([...runner.path, name]),
        text: `runners.${name.toLowerCase()}: The ${String(executor)} executor does not use it.`,
      })),
    ],
    problems: notesOf(all, "problems"),
  };
}

function notesOf(
  all: readonly ImportedKeys[],
  kind: "differences" | "dropped" | "problems",
): readonly Note[] {
  return all.flatMap((keys) => keys[kind]);
}

/** Separates the section of the docker executor from a runner with another executor. */
function splitSections(
  { table }: Runner,
  executor: unknown,
): { readonly used: object; readonly unused: readonly string[] } {
  const isUnused = (name: string) => name.toLowerCase() === "docker" && executor !== "docker";
  const entries = Object.entries(table);
  return {
    used: Object.fromEntries(entries.filter(([name]) => !isUnused(name))),
    unused: Object.keys(table).filter(isUnused),
  };
}

/** A runner's own limit of jobs becomes `concurrent`, because a replica has one runner. */
function limitJobs(
  values: Map<string, unknown>,
  found: FoundKey | undefined,
): { readonly kind: "applied" | "useless"; readonly note: Note } | undefined {
  if (found === undefined) return undefined;
  const { key, line } = found;
  const limit = Number(found.value);
  // The default is 1.
  const concurrent = Number(values.get("concurrent") ?? 1);
  if (limit >= concurrent || limit < 1) {
    return { kind: "useless", note: { line, text: `${key}: It does not lower \`concurrent\`.` } };
  }
  if (limit === 1) values.delete("concurrent");
  else values.set("concurrent", limit);
  const replicas = Number(defaultOf("replicas"));
  const text = `${key} (${limit}) becomes \`concurrent\`, because a replica has one runner. With ${replicas} replicas, up to ${replicas * limit} jobs run at once. Before, this runner ran at most ${limit}, and all runners together ${concurrent}`;
  return { kind: "applied", note: { line, text } };
}

/** A token without a known prefix needs its kind. A config.toml has authentication tokens only. */
function describeToken({ table }: Runner): readonly (readonly [string, unknown])[] {
  const token = readKey(table, "token");
  return typeof token === "string" && token !== "" && detectTokenKind(token) === undefined
    ? [["tokenKind", "authentication"]]
    : [];
}

/** Removes the values that contain a secret of another key, such as the token in a label. */
function withoutHidden(pool: PlannedPool, hidden: readonly string[]): PlannedPool {
  const isOpen = (value: unknown) => {
    const text = JSON.stringify(value);
    return redactSecrets(text, hidden) === text;
  };
  const removed = [...pool.values].filter(([, value]) => !isOpen(value));
  return {
    ...pool,
    values: new Map([...pool.values].filter(([, value]) => isOpen(value))),
    problems: [
      ...pool.problems,
      ...removed.map(([key]) => ({
        text: `\`${key}\` contains a text that is a secret elsewhere in the file, so it is not printed: set it without the secret`,
      })),
    ],
  };
}

/** Formats keys as a template: those of the runner in `[[runners]]`. */
function formatTemplate(keys: readonly FoundKey[]): string {
  if (keys.length === 0) return "";
  const global: Record<string, unknown> = {};
  const runner: Record<string, unknown> = {};
  for (const { key, value } of keys) {
    const path = key.split(".");
    if (path[0] === "runners") setAt(runner, path.slice(1), value);
    else setAt(global, path, value);
  }
  const runners = Object.keys(runner).length === 0 ? {} : { runners: [runner] };
  return formatToml({ ...global, ...runners });
}
