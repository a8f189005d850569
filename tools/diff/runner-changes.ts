import type { Change } from "./changes";
import { listChange } from "./list-change";
import type { Step } from "./preview";
import { showProperty, type DisplayValue } from "./properties";
import { settingOfRunnerProperty } from "./settings";

/**
 * Lists the changes of the runner that a pool created in GitLab. They take effect at once and
 * restart no replica.
 */
export function runnerChanges(step: Step): readonly Change[] {
  if (step.oldState === undefined || step.newState === undefined) return [];
  const properties = new Set(step.paths.map((path) => path.replace(/[.[].*$/, "")));
  return [...properties].sort(byPlace).map((property) => {
    const setting = settingOfRunnerProperty(property);
    const from = inSettingsTerms(showProperty(step.oldState?.inputs, property));
    const to = inSettingsTerms(showProperty(step.newState?.inputs, property));
    return setting === "tags"
      ? listChange(setting, from, to)
      : { kind: "value", setting, from, to };
  });
}

/**
 * Providers report properties in different orders, so they are sorted: first the runner's type,
 * then by name.
 */
function byPlace(a: string, b: string): number {
  const rank = (property: string): string => (property === "runnerType" ? "" : property);
  return rank(a) < rank(b) ? -1 : 1;
}

/** The setting `protected` is a boolean; GitLab's property is a word. */
function inSettingsTerms(shown: DisplayValue): DisplayValue {
  if (shown.kind !== "value") return shown;
  if (shown.text === "ref_protected") return { kind: "value", text: "true" };
  return shown.text === "not_protected" ? { kind: "value", text: "false" } : shown;
}
