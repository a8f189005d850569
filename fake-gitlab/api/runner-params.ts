import { DEFAULT_RUNNER_SETTINGS, type RunnerSettings } from "../state/runners";
import type { AccessLevel } from "../state/types";

interface RawSettings {
  readonly description?: string | undefined;
  readonly maintenance_note?: string | undefined;
  readonly maintainer_note?: string | undefined;
  readonly paused?: boolean | undefined;
  readonly active?: boolean | undefined;
  readonly locked?: boolean | undefined;
  readonly access_level?: AccessLevel | undefined;
  readonly run_untagged?: boolean | undefined;
  readonly tag_list?: readonly string[] | undefined;
  readonly maximum_timeout?: number | undefined;
}

/** Reads runner settings from a request's parameters. Missing settings stay unchanged. */
export function settingsFrom(
  params: RawSettings,
  before: RunnerSettings = DEFAULT_RUNNER_SETTINGS,
): RunnerSettings {
  const paused = params.active === undefined ? params.paused : !params.active;
  return {
    description: params.description ?? before.description,
    maintenanceNote: params.maintenance_note ?? params.maintainer_note ?? before.maintenanceNote,
    paused: paused ?? before.paused,
    locked: params.locked ?? before.locked,
    accessLevel: params.access_level ?? before.accessLevel,
    runUntagged: params.run_untagged ?? before.runUntagged,
    tags: params.tag_list ?? before.tags,
    maximumTimeout: params.maximum_timeout ?? before.maximumTimeout,
  };
}
