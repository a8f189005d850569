import defaults from "./runner-config/feature-flags.json";
import { findNearest } from "./suggest";
import { andThen, type Parsed, type SettingType } from "./settings/type";
import { map, type StringMap } from "./settings/types/map";

/** Feature flags of gitlab-runner by name. */
export type FeatureFlags = Readonly<Record<string, boolean>>;

/** The flag that keeps gitlab-runner from resetting the token that all replicas share. */
export const NO_TOKEN_ROTATION = "FF_DISABLE_AUTOMATIC_TOKEN_ROTATION";

const RULE =
  'must be an object of feature flags and booleans, such as {"FF_NETWORK_PER_BUILD": true}, or lines of the form FLAG=true';

const DEFAULTS: FeatureFlags = defaults;

const OTHER_PLATFORM = /KUBERNETES|POD_|_POD|WINDOWS|POWERSHELL|AUTOSCALER|FLEETING/;

/** Flags that this project has not been tested with, and what they change. */
const UNTESTED: Readonly<Record<string, string>> = {
  FF_CONCRETE: "it is an experiment",
  FF_SCRIPT_TO_STEP_MIGRATION: "it is an experiment",
  FF_SUSPENDABLE_ENVIRONMENTS: "it is an experiment",
  FF_USE_ADAPTIVE_REQUEST_CONCURRENCY:
    "it changes how many job requests are open while a replica stops",
  FF_USE_JOB_ROUTER:
    "jobs then arrive in a way that a stopping replica does not wait for, so it may lose a job",
};

/** Feature flags by name: an object, JSON, or lines of the form `FLAG=true`. */
export const featureFlags: SettingType<FeatureFlags> = {
  label: "map",
  parse: (written) => {
    const entries = map().parse(written);
    return "problem" in entries && !entries.problem.startsWith("must not repeat")
      ? { problem: RULE }
      : andThen(entries, readFlags);
  },
  format: (flags) => JSON.stringify(flags),
  toToml: (flags) => ({ ...flags }),
};

function readFlags(entries: StringMap): Parsed<FeatureFlags> {
  const pairs = Object.entries(entries).map(([name, text]) => [name, readBoolean(text)] as const);
  const problems = pairs.flatMap(([name, isOn]) => checkFlag(name, isOn) ?? []);
  return problems.length === 0
    ? { value: Object.fromEntries(pairs.map(([name, isOn]) => [name, isOn === true])) }
    : { problem: problems.join("; ") };
}

/** @returns undefined if the text is not a boolean */
function readBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return word === "true" || word === "false" ? word === "true" : undefined;
}

function checkFlag(name: string, isOn: boolean | undefined): string | undefined {
  if (!Object.hasOwn(DEFAULTS, name)) {
    const meant = findNearest(name, Object.keys(DEFAULTS));
    const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
    return `must name feature flags of gitlab-runner, and ${JSON.stringify(name)} is not one${hint}`;
  }
  if (isOn === undefined) return `must set ${name} to true or false`;
  return name === NO_TOKEN_ROTATION && !isOn
    ? `must not set ${name} to false: the replicas share a token, and one that resets it would lock the others out`
    : undefined;
}

/**
 * Lists what may be wrong with feature flags. A flag with gitlab-runner's own default is fine.
 * @returns sentences without a subject, such as "sets FF_CONCRETE, …"
 */
export function findFlagWarnings(flags: FeatureFlags): readonly string[] {
  const changed = Object.keys(flags).filter((name) => flags[name] !== DEFAULTS[name]);
  return changed.flatMap((name) => {
    const reason = UNTESTED[name];
    if (reason !== undefined) return [`sets ${name}, which is not tested here: ${reason}`];
    return OTHER_PLATFORM.test(name)
      ? [`sets ${name}, which has no effect in a pool: it belongs to other executors`]
      : [];
  });
}
