import { LOG_DRIVER_RULES } from "./log-driver";
import type { Rule } from "./rule";

/** Rules about settings that only the program reads. They are not part of a replica's program. */
export const PROGRAM_RULES: readonly Rule[] = [...LOG_DRIVER_RULES];
