import type { KeyUse } from "./key-use";
import keys from "./keys.json";
import { CACHE_KEYS } from "./uses/cache";
import { DOCKER_KEYS } from "./uses/docker";
import { GLOBAL_KEYS } from "./uses/global";
import { WHOLE_SECTIONS } from "./uses/other-sections";
import { RUNNER_KEYS } from "./uses/runner";

/** A key, or a section that stands for all its keys, and how this project treats it. */
export interface UseRow {
  readonly path: string;
  readonly isSection: boolean;
  readonly use: KeyUse;
}

/** Every row of the tables. */
export const USE_ROWS: readonly UseRow[] = [
  ...flattenRows("", GLOBAL_KEYS),
  ...flattenRows("runners.", RUNNER_KEYS),
  ...flattenRows("runners.cache.", CACHE_KEYS),
  ...flattenRows("runners.docker.", DOCKER_KEYS),
  ...flattenRows("", WHOLE_SECTIONS, true),
];

/** Paths of all keys of the pinned gitlab-runner. */
export const RUNNER_KEY_PATHS: readonly string[] = Object.keys(keys);

/** The rows that cover a key. There is exactly one if the tables are right. */
export function rowsFor(key: string, rows: readonly UseRow[] = USE_ROWS): readonly UseRow[] {
  return rows.filter(({ path, isSection }) =>
    isSection ? key.startsWith(`${path}.`) : key === path,
  );
}

function flattenRows(
  prefix: string,
  table: Readonly<Record<string, KeyUse>>,
  isSection = false,
): readonly UseRow[] {
  return Object.entries(table).map(([name, use]) => ({ path: `${prefix}${name}`, isSection, use }));
}
