import type { Change } from "./changes";
import { listChange } from "./list-change";
import type { Step } from "./preview";
import { showProperty, type Shown } from "./properties";
import { settingOfRunnerProperty } from "./settings";

/** Differences of the runner that a pool created in GitLab; they hold at once and restart no replica. */
export function runnerChanges(step: Step): readonly Change[] {
  if (step.oldState === undefined || step.newState === undefined) return [];
  const properties = new Set(step.paths.map((path) => path.replace(/[.[].*$/, "")));
  return [...properties].map((property) => {
    const setting = settingOfRunnerProperty(property);
    const from = inSettingsTerms(showProperty(step.oldState?.inputs, property));
    const to = inSettingsTerms(showProperty(step.newState?.inputs, property));
    return setting === "tags"
      ? listChange(setting, from, to)
      : { kind: "value", setting, from, to };
  });
}

/** The setting `protected` is a switch, GitLab's property a word. */
function inSettingsTerms(shown: Shown): Shown {
  if (shown.kind !== "value") return shown;
  if (shown.text === "ref_protected") return { kind: "value", text: "true" };
  return shown.text === "not_protected" ? { kind: "value", text: "false" } : shown;
}
