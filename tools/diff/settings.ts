import { REPLICA_ENV } from "../../contract/replica-env";

const BY_VARIABLE = new Map(
  Object.entries(REPLICA_ENV).map(([setting, variable]): [string, string] => [variable, setting]),
);

/** The setting, as the stack config names it, behind a replica's environment variable; else the variable itself. */
export function settingOfVariable(variable: string): string {
  const setting = BY_VARIABLE.get(variable) ?? variable;
  return setting.replace(/^docker([A-Z])/, (_, first: string) => `docker.${first.toLowerCase()}`);
}

const BY_RUNNER_PROPERTY: Readonly<Record<string, string>> = {
  tagLists: "tags",
  untagged: "runUntagged",
  accessLevel: "protected",
  runnerType: "runnerScope",
  groupId: "runnerScope",
  projectId: "runnerScope",
};

/** The setting behind a property of a runner in GitLab; else the property itself. */
export function settingOfRunnerProperty(property: string): string {
  return BY_RUNNER_PROPERTY[property] ?? property;
}
