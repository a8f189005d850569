import { isObject, parseJson } from "./json";
import { envOf, REPLICA_KEYS, settingOf } from "./settings/keys";

/**
 * Environment variables that tell a replica where it runs. Its settings are the variables of the
 * table of settings; by hand (`docker run -e …`, a compose file) all of them are the same.
 */
export const TASK_ENV = {
  /** Name of the pool; with node and slot it makes the system ID. */
  pool: "RUNNER_POOL",
  /** The node that the replica runs on; swarm fills it in. */
  node: "RUNNER_NODE",
  /** Number of the replica in its pool, from 1; swarm fills it in. */
  slot: "RUNNER_SLOT",
  /** Changes with the service's spec, but not with its replica count. */
  generation: "RUNNER_GENERATION",
} as const;

/**
 * One variable that holds others: a JSON object from variable to value. A stack's service sets only
 * this one, since the docker provider writes variables in a random order, and swarm restarts every
 * replica of a service whose order changed.
 */
export const SETTINGS_ENV = "RUNNER_SETTINGS";

/** Variables by name. */
type Env = Readonly<Record<string, string | undefined>>;

/**
 * The variables that SETTINGS_ENV holds. Their texts stand as they were written: an empty one is
 * the empty text, and blanks at its ends belong to it.
 * @throws SyntaxError if it is not a JSON object of texts; what it is stays unsaid, since it may
 * hold a secret
 */
export function parseSettingsVariable(env: Env): Env {
  const held = env[SETTINGS_ENV];
  if (held === undefined || held.trim() === "") return {};
  const variables = parseJson(held);
  if (!isStringMap(variables))
    throw new SyntaxError(`${SETTINGS_ENV} is not a JSON object of texts`);
  return variables;
}

/**
 * Spreads the variable that holds others; one that is set by itself wins.
 * @throws SyntaxError if it is not a JSON object of texts; what it is stays unsaid, since it may
 * hold a secret
 */
export function expandSettings(env: Env): Env {
  const own = Object.entries(env).filter(([, text]) => text !== undefined && text.trim() !== "");
  return { ...parseSettingsVariable(env), ...Object.fromEntries(own) };
}

/** Variables of the settings whose text keeps the blanks at its ends. */
const KEEPS_WHITESPACE: readonly string[] = REPLICA_KEYS.filter(
  (key) => settingOf(key).type.keepsWhitespace === true,
).map(envOf);

/**
 * The text of a variable that is set by itself. Env files add blanks and line ends, and compose
 * files set what they have no value for to the empty text, so that counts as unset; a list that is
 * to be empty is written `[]`. Of a name the blanks belong to it.
 */
export function readVariable(env: Env, name: string): string | undefined {
  const text = env[name];
  if (text === undefined || text.trim() === "") return undefined;
  return KEEPS_WHITESPACE.includes(name) ? text.replace(/[\r\n]+$/, "") : text.trim();
}

function isStringMap(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}
