import type { SettingKey } from "../../contract/settings/keys";

/** A key of a config.toml. */
export interface FoundKey {
  /** Its path, with gitlab-runner's own capitals, such as `runners.docker.memory`. */
  readonly key: string;
  readonly line: number;
  /** As parsed TOML. Integers are `bigint`. */
  readonly value: unknown;
}

/** Why a key is not part of the stack config. */
export interface Note {
  /** Undefined if the note is not about one line. */
  readonly line?: number | undefined;
  /** A sentence without its period, and without a secret. */
  readonly text: string;
}

/** The keys of config.toml, by what happens to them. */
export interface SortedKeys {
  /** Keys that have a setting. */
  readonly settings: ReadonlyMap<SettingKey, FoundKey>;
  /** Keys that only `configTemplate` can set. */
  readonly template: readonly FoundKey[];
  /** Keys that are parts of the value of a setting. */
  readonly parts: readonly FoundKey[];
  /** Keys that a pool cannot set. */
  readonly dropped: readonly Note[];
  /** Keys and values that gitlab-runner itself would reject. */
  readonly problems: readonly Note[];
}
