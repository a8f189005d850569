import type { SettingKey, ValueOf } from "../keys";

/** The settings of one pool or one replica, each of them valid on its own. */
export interface RuleInput {
  /** Returns a setting's value or default. Undefined if there is none, or it is not known yet. */
  readonly value: <K extends SettingKey>(key: K) => ValueOf<K> | undefined;
  /** Whether a user set it. */
  readonly isSet: (key: SettingKey) => boolean;
  /**
   * Whether a user set it for this pool in particular. False for a setting that an additional pool
   * inherits. Always false in a replica, which gets inherited values like any others.
   */
  readonly isOwn: (key: SettingKey) => boolean;
  /**
   * Names a setting as the user wrote it, with its value: `` `docker.memory` (2g) `` or
   * `RUNNER_DOCKER_MEMORY (2g)`. A secret has no value.
   */
  readonly show: (key: SettingKey) => string;
  /** Names a setting as the user wrote it, or would write it: `` `docker.memory` ``. */
  readonly name: (key: SettingKey) => string;
}

/** What the rules found, as sentences without a period at the end. */
export interface RuleFindings {
  /** Combinations that cannot work. */
  readonly problems: readonly string[];
  /** Combinations that work, but probably not as intended. */
  readonly warnings: readonly string[];
}

/** Checks settings against each other. A rule ignores settings whose values are not known yet. */
export type Rule = (settings: RuleInput) => Partial<RuleFindings>;
