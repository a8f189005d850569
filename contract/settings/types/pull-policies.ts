import { PULL_POLICIES, type PullPolicy } from "../../values";
import type { SettingType } from "../type";
import { choices } from "./choices";

/** Pull policies. A single one is written to config.toml as a string. */
export const pullPolicies: SettingType<readonly PullPolicy[], PullPolicy | readonly PullPolicy[]> =
  {
    ...choices(PULL_POLICIES),
    toToml: (policies) => (policies.length === 1 ? (policies[0] ?? "") : [...policies]),
  };
