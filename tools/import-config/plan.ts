import { formatToml } from "../../config-toml/format-toml";
import type { TomlDocument } from "../../config-toml/parse-toml";
import { isObject } from "../../contract/json";
import { setAt } from "../../contract/settings/nested";
import { detectTokenKind } from "../../contract/token";
import { EXECUTORS } from "../../contract/values";
import { listSecretStrings } from "./find-secrets";
import type { FoundKey, Note } from "./found-key";
import { importKeys } from "./import-keys";
import { adjustInherited } from "./inheritance";
import { namePools } from "./pool-names";
import { sortKeys } from "./sort-keys";

/** A runner of a config.toml. */
export interface Runner {
  readonly name: string;
  readonly line: number;
  readonly index: number;
  readonly table: Readonly<Record<string, unknown>>;
}

/** What a runner becomes. */
export interface PlannedPool {
  /** Undefined for the default pool. */
  readonly pool: string | undefined;
  readonly runner: Runner;
  /** Values by the key of a setting. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Paths of its secret settings, which it cannot inherit. */
  readonly secrets: readonly string[];
  /** Paths of the secret settings that all pools share. */
  readonly sharedSecrets: readonly string[];
  readonly dropped: readonly Note[];
  readonly problems: readonly Note[];
}

export interface Plan {
  readonly pools: readonly PlannedPool[];
  /** Runners that no pool can run, and why. */
  readonly refused: readonly Note[];
  /** Strings that nothing may print. */
  readonly hidden: readonly string[];
}

/** Lists the runners of a config.toml. */
export function listRunners({ table, lineOf }: TomlDocument): readonly Runner[] {
  const { runners } = table;
  const all: readonly unknown[] = Array.isArray(runners) ? runners : [];
  const tables = all.filter(isTable);
  return tables.map((runner, index) => {
    const { name } = runner;
    return {
      name: typeof name === "string" && name !== "" ? name : `number ${index + 1}`,
      line: lineOf(["runners", index]),
      index,
      table: runner,
    };
  });
}

/** Plans a pool for each runner: the default pool for the first, and additional pools. */
export function planPools(document: TomlDocument, runners: readonly Runner[]): Plan {
  const refused = runners.flatMap((runner) => refuseExecutor(runner) ?? []);
  const accepted = runners.filter((runner) => refuseExecutor(runner) === undefined);
  const names = namePools(accepted.map(({ name }) => name));
  const planned = accepted.map((runner, at) => planPool(document, runner, names[at]));
  const [top] = planned;
  return {
    pools: planned.map((one) =>
      top === undefined || one === top ? one.pool : adjustInherited(one.pool, top.pool),
    ),
    refused,
    hidden: [
      ...planned.flatMap(({ hidden }) => hidden),
      ...runners.flatMap(({ table }) => listSecretStrings(table["token"])),
    ],
  };
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value);
}

function refuseExecutor({ name, line, table }: Runner): Note | undefined {
  const { executor } = table;
  if (EXECUTORS.some((one) => one === executor)) return undefined;
  const shown = typeof executor === "string" ? `the executor ${executor}` : "no executor";
  return {
    line,
    text: `the runner "${name}" has ${shown}, but a pool runs only ${EXECUTORS.join(" and ")}: it is not imported`,
  };
}

function planPool(
  { table, lineOf }: TomlDocument,
  runner: Runner,
  pool: string | undefined,
): { readonly pool: PlannedPool; readonly hidden: readonly string[] } {
  const others = Object.entries(runner.table).filter(
    ([key]) => key.toLowerCase() !== "docker" || runner.table["executor"] === "docker",
  );
  const global = importKeys(sortKeys(table, [], "", lineOf));
  const own = importKeys(
    sortKeys(Object.fromEntries(others), ["runners", runner.index], "runners", lineOf),
  );
  const limit = readLimit(runner, global.values.get("concurrent"));
  const template = formatTemplate([...global.template, ...own.template]);
  return {
    hidden: [...global.hidden, ...own.hidden],
    pool: {
      pool,
      runner,
      values: new Map([
        ...global.values,
        ...own.values,
        ...limit,
        ...describeToken(runner),
        ...(template === "" ? [] : ([["configTemplate", template]] as const)),
      ]),
      secrets: ["token", ...own.secrets],
      sharedSecrets: global.secrets,
      dropped: [...global.dropped, ...own.dropped],
      problems: [...global.problems, ...own.problems],
    },
  };
}

/** A runner's own limit of jobs becomes `concurrent`, because a replica has one runner. */
function readLimit(
  { table }: Runner,
  concurrent: unknown,
): readonly (readonly [string, unknown])[] {
  const limit = typeof table["limit"] === "bigint" ? Number(table["limit"]) : 0;
  const isLower = limit > 0 && (typeof concurrent !== "number" || limit < concurrent);
  return isLower && limit > 1 ? [["concurrent", limit]] : [];
}

/** A token without a known prefix needs its kind. A config.toml has authentication tokens only. */
function describeToken({ table }: Runner): readonly (readonly [string, unknown])[] {
  const { token } = table;
  return typeof token === "string" && detectTokenKind(token) === undefined
    ? [["tokenKind", "authentication"]]
    : [];
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
