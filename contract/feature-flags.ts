import defaults from "./runner-config/feature-flags.json";
import { findNearest } from "./suggest";
import { andThen, type SettingType } from "./settings/type";
import { map } from "./settings/types/map";

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

const flags = map({ name: checkName, value: checkValue }, RULE);

/** Feature flags by name: an object, JSON, or lines of the form `FLAG=true`. */
export const featureFlags: SettingType<FeatureFlags> = {
  label: "map",
  parse: (written) =>
    andThen(flags.parse(written), (entries) => ({
      value: Object.fromEntries(
        Object.entries(entries).map(([name, text]) => [name, readBoolean(text) === true]),
      ),
    })),
  format: (value) => JSON.stringify(value),
  toToml: (value) => ({ ...value }),
};

/** @returns undefined if the text is not a boolean */
function readBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return word === "true" || word === "false" ? word === "true" : undefined;
}

function checkName(name: string): string | undefined {
  if (Object.hasOwn(DEFAULTS, name)) return undefined;
  const meant = findNearest(name, Object.keys(DEFAULTS));
  const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
  return `must name feature flags of gitlab-runner, and ${JSON.stringify(name)} is not one${hint}`;
}

function checkValue(name: string, text: string): string | undefined {
  const isOn = readBoolean(text);
  if (isOn === undefined) return `must set ${name} to true or false, not ${JSON.stringify(text)}`;
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
