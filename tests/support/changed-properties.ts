import { SETTINGS_ENV } from "../../contract/replica-env";
import type { Step } from "../../tools/diff/preview";

const SETTINGS_PATH = `taskSpec.containerSpec.env.${SETTINGS_ENV}`;

/** Changes whenever the service's spec changes, so it is not listed as a property. */
const GENERATION = "RUNNER_GENERATION";

/** Lists the names of the changed resources, sorted. */
export function listNames(steps: readonly Step[], op: string): readonly string[] {
  return steps
    .filter((step) => step.op === op)
    .map(resourceName)
    .sort();
}

/** Lists the properties that an update or a replacement changes, sorted, by resource name. */
export function changedProperties(
  steps: readonly Step[],
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    steps
      .filter(({ op }) => op === "update" || op === "replace")
      .map((step) => [
        resourceName(step),
        [...new Set(step.paths.filter(isReal(step)).flatMap(spread(step)))].sort(),
      ]),
  );
}

function resourceName({ urn }: Step): string {
  return urn.split("::").at(-1) ?? "";
}

/**
 * When it replaces a resource, the provider also lists properties that are unset before and after.
 */
function isReal({ oldState, newState }: Step): (path: string) => boolean {
  return (path) => {
    // The provider's internal data.
    if (path === "__meta") return false;
    const [, group = "", property = ""] = /^(build)\.(\w+)$/.exec(path) ?? [];
    const of = (state: Step["oldState"]) =>
      (state?.inputs?.[group] as Record<string, unknown> | undefined)?.[property];
    return group === "" || of(oldState) !== undefined || of(newState) !== undefined;
  };
}

/** The replicas' settings are one string. A change of it is reported variable by variable. */
function spread({ oldState, newState }: Step): (path: string) => readonly string[] {
  return (path) => {
    // The lists have no order, so the index of a new element has no meaning.
    if (path !== SETTINGS_PATH) return [path.replace(/\.(capAdds|mounts|secrets)\[\d+\]$/, ".$1")];
    const [before, after] = [readVariables(oldState), readVariables(newState)];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((name) => name !== GENERATION && before[name] !== after[name])
      .map((name) => `settings.${name}`);
  };
}

function readVariables(state: Step["oldState"]): Readonly<Record<string, unknown>> {
  const { taskSpec } = (state?.inputs ?? {}) as {
    readonly taskSpec?: {
      readonly containerSpec?: { readonly env?: Readonly<Record<string, string>> };
    };
  };
  return JSON.parse(taskSpec?.containerSpec?.env?.[SETTINGS_ENV] ?? "{}") as Record<
    string,
    unknown
  >;
}
