import { DAY_SECONDS, duration, type Duration } from "./duration";
import type { SettingType } from "./settings/type";

const MIN_SECONDS = 10;

/** The longest time for a stage of a job. gitlab-runner does not know the unit `d`. */
export const stageTimeout: SettingType<number, Duration> = {
  ...duration(MIN_SECONDS, DAY_SECONDS),
  toToml: (seconds) => `${seconds}s`,
};
