import { SETTINGS_ENV, expandSettings, TASK_ENV } from "../../contract/replica-env";
import { settingOfVariable } from "./settings";
import type { ResourceState } from "./preview";
import { propertyAt, showProperty, type DisplayValue } from "./properties";

const ENV = "taskSpec.containerSpec.env";

/** Variables that are derived from the rest of the service's spec. */
const DERIVED: readonly string[] = Object.values(TASK_ENV);

/** Whether a path belongs to the settings of the replicas. */
export function isSettingsPath(path: string): boolean {
  return path === ENV || path.startsWith(`${ENV}.`);
}

/**
 * Reads the settings of a service's replicas by name.
 * @returns undefined if they are unknown before the update
 */
export function replicaSettings(
  state: ResourceState | undefined,
): ReadonlyMap<string, DisplayValue> | undefined {
  const whole = showProperty(state?.inputs, `${ENV}.${SETTINGS_ENV}`);
  if (whole.kind !== "value" && whole.kind !== "absent") return undefined;
  const env = state?.inputs === undefined ? {} : readVariables(state.inputs);
  return new Map(
    Object.entries(expandSettings(env))
      .map(([variable, text]): [string, DisplayValue] => [
        settingOfVariable(variable),
        displayText(text),
      ])
      .filter(([setting]) => setting !== SETTINGS_ENV && !DERIVED.includes(setting)),
  );
}

function readVariables(inputs: NonNullable<ResourceState["inputs"]>): Record<string, string> {
  const env = propertyAt(inputs, ENV);
  if (typeof env !== "object" || env === null) return {};
  const texts = Object.entries(env).filter((entry): entry is [string, string] => {
    return typeof entry[1] === "string";
  });
  return Object.fromEntries(texts);
}

function displayText(text: string | undefined): DisplayValue {
  return showProperty({ text }, "text");
}
