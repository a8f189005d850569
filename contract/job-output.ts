import type { SettingType } from "./settings/type";
import { size, type Size } from "./settings/types/size";

const KIB = 1024;

/** The maximum size of a job's log. gitlab-runner counts in KiB, so a rest is rounded up. */
export const outputLimit: SettingType<number, Size | number> = {
  ...size(KIB ** 2, KIB ** 3),
  toToml: (bytes) => Math.ceil(bytes / KIB),
};
