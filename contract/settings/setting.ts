import type { Executor } from "../values";
import type { SettingType } from "./type";

/**
 * Where a setting may stand and who reads it:
 * - `stack`: holds for all pools of the stack and reaches no component;
 * - `pool`: an argument of a pool, which the program itself acts on;
 * - `replica`: an argument of a pool, which its replicas read too.
 */
export type SettingScope = "stack" | "pool" | "replica";

/** One setting: how it is written, where it may stand and what it is for. */
export interface Setting<T = unknown> {
  readonly type: SettingType<T>;
  readonly scope: SettingScope;
  /** What it does, for the documentation. */
  readonly description: string;
  /** Its environment variable. @default `RUNNER_` and the key in upper snake case */
  readonly env?: string;
  /** Used where nobody sets it, as a person would write it. @default none */
  readonly default?: string | number | boolean;
  /** Somebody has to set it. */
  readonly required?: true;
  /** Its value is shown nowhere, and a replica reads it from a file. */
  readonly secret?: true;
  /** A component's argument that may be an output of another resource. */
  readonly input?: true;
  /** The executor that it belongs to; with another one it has no effect. */
  readonly executor?: Executor;
  /** Its key in config.toml, such as `runners.docker.privileged`. */
  readonly toml?: string;
  /**
   * GitLab takes it when a runner is made. A supplied authentication token is that of a runner that
   * exists, so setting it beside one is refused, or draws a warning.
   */
  readonly newRunnerOnly?: "rejected" | "ignored";
}
