import { formatDuration } from "../../contract/duration";
import { defaultOf, envOf, SETTING_KEYS, settingOf } from "../../contract/settings/keys";

const BY_VARIABLE = new Map<string, string>(SETTING_KEYS.map((key) => [envOf(key), key]));

/**
 * Returns the setting's name in the stack config for a replica's environment variable, or the
 * variable's own name.
 */
export function settingOfVariable(variable: string): string {
  return BY_VARIABLE.get(variable) ?? variable;
}

/**
 * Whether the value of a setting is a list, for which a diff shows the added and removed entries.
 */
export function isListSetting(name: string): boolean {
  const key = SETTING_KEYS.find((candidate) => candidate === name);
  return key !== undefined && settingOf(key).type.isList === true;
}

/** The drain timeout of replicas whose service does not set one. */
export const DEFAULT_DRAIN = formatDuration(defaultOf("drainTimeout") ?? 0);

const BY_RUNNER_PROPERTY: Readonly<Record<string, string>> = {
  tagLists: "tags",
  untagged: "runUntagged",
  accessLevel: "protected",
  runnerType: "runnerScope",
  groupId: "runnerScope",
  projectId: "runnerScope",
};

/** Returns the setting for a property of a runner in GitLab, or the property's own name. */
export function settingOfRunnerProperty(property: string): string {
  return BY_RUNNER_PROPERTY[property] ?? property;
}
