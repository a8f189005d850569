import type { Change } from "./changes";
import { listChange } from "./list-change";
import type { Step } from "./preview";
import { showProperty } from "./properties";
import { settingOfRunnerProperty } from "./settings";

/** Differences of the runner that a pool created in GitLab; they hold at once and restart no replica. */
export function runnerChanges(step: Step): readonly Change[] {
  if (step.oldState === undefined || step.newState === undefined) return [];
  const properties = new Set(step.paths.map((path) => path.replace(/[.[].*$/, "")));
  return [...properties].map((property) => {
    const setting = settingOfRunnerProperty(property);
    const from = showProperty(step.oldState?.inputs, property);
    const to = showProperty(step.newState?.inputs, property);
    return setting === "tags"
      ? listChange(setting, from, to)
      : { kind: "value", setting, from, to };
  });
}
