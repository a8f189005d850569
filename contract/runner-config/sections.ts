import { RUNNER_KEY_PATHS } from "./uses";

/** Sections that are lists of tables (`[[…]]`), apart from those of other executors. */
export const LISTS_OF_TABLES: readonly string[] = [
  "runners",
  "runners.docker.services",
  "runners.monitoring.job_queuing_durations",
];

/** Every section of config.toml, such as `runners.docker`. */
export const RUNNER_SECTIONS: ReadonlySet<string> = new Set(
  RUNNER_KEY_PATHS.flatMap((key) => {
    const parts = key.split(".").slice(0, -1);
    return parts.map((_part, index) => parts.slice(0, index + 1).join("."));
  }),
);
