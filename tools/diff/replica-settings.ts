import { SETTINGS_ENV, spreadSettings } from "../../contract/replica-env";
import { settingOfVariable } from "./settings";
import type { ResourceState } from "./preview";
import { showProperty, type Shown } from "./properties";

const ENV = "taskSpec.containerSpec.env";

/** Settings that follow from the rest of the service's spec. */
const DERIVED = ["pool", "slot", "generation"];

/** Whether a path leads to the settings of the replicas. */
export function isSettingsPath(path: string): boolean {
  return path === ENV || path.startsWith(`${ENV}.`);
}

/**
 * The settings of the replicas of a service by their names.
 * @returns undefined if the engine cannot know them before the update
 */
export function replicaSettings(
  state: ResourceState | undefined,
): ReadonlyMap<string, Shown> | undefined {
  const whole = showProperty(state?.inputs, `${ENV}.${SETTINGS_ENV}`);
  if (whole.kind !== "value" && whole.kind !== "absent") return undefined;
  const env = state?.inputs === undefined ? {} : variablesOf(state.inputs);
  return new Map(
    Object.entries(spreadSettings(env))
      .map(([variable, text]): [string, Shown] => [settingOfVariable(variable), shownText(text)])
      .filter(([setting]) => setting !== SETTINGS_ENV && !DERIVED.includes(setting)),
  );
}

function variablesOf(inputs: NonNullable<ResourceState["inputs"]>): Record<string, string> {
  const shown = showProperty(inputs, ENV);
  return shown.kind === "value" ? (JSON.parse(shown.text) as Record<string, string>) : {};
}

function shownText(text: string | undefined): Shown {
  return showProperty({ text }, "text");
}
