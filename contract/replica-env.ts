import { isObject, parseJson } from "./json";
import { envOf, REPLICA_KEYS, settingOf } from "./settings/keys";

/**
 * Environment variables that identify a replica. The variables of its settings are in the settings
 * table. `docker run -e …` and a compose file use the same variables.
 */
export const TASK_ENV = {
  /** The pool. The system ID depends on pool, node and slot. */
  pool: "RUNNER_POOL",
  /** The node that the replica runs on, set by Swarm. */
  node: "RUNNER_NODE",
  /** The replica's slot, from 1, set by Swarm; the node's ID in a global service. */
  slot: "RUNNER_SLOT",
  /** Host name of the node. Only a global service sets it, to name the replica after its node. */
  nodeName: "RUNNER_NODE_NAME",
  /** Changes with the service's spec, but not with its replica count. */
  generation: "RUNNER_GENERATION",
} as const;

/**
 * A variable that contains other variables, as a JSON object of names and values. A stack's service
 * sets only this variable: the docker provider writes variables in random order, and a changed
 * order makes Swarm restart all replicas.
 */
export const SETTINGS_ENV = "RUNNER_SETTINGS";

/** Variables by name. */
type Env = Readonly<Record<string, string | undefined>>;

/**
 * Parses the variables in SETTINGS_ENV. Their values are unchanged: empty ones and surrounding
 * whitespace are kept.
 * @throws SyntaxError if it is not a JSON object with string values. The message does not contain
 * it, because it may contain a secret.
 */
export function parseSettingsVariable(env: Env): Env {
  const text = env[SETTINGS_ENV];
  if (text === undefined || text.trim() === "") return {};
  const variables = parseJson(text);
  if (!isStringMap(variables)) {
    throw new SyntaxError(`${SETTINGS_ENV} is not a JSON object with string values`);
  }
  return variables;
}

/**
 * Adds the variables in SETTINGS_ENV to an environment. An individual variable takes precedence.
 * @throws SyntaxError if SETTINGS_ENV is not a JSON object with string values. The message does not
 * contain it, because it may contain a secret.
 */
export function expandSettings(env: Env): Env {
  const own = Object.entries(env).filter(([, text]) => text !== undefined && text.trim() !== "");
  return { ...parseSettingsVariable(env), ...Object.fromEntries(own) };
}

/** Variables of the settings whose surrounding whitespace is part of the value. */
const KEEPS_WHITESPACE: readonly string[] = REPLICA_KEYS.filter(
  (key) => settingOf(key).type.keepsWhitespace === true,
).map(envOf);

/**
 * Reads an individual variable. An empty one counts as unset, because compose files set variables
 * without a value to the empty string. An empty list is written as `[]`. Surrounding whitespace is
 * removed, because env files may add it. A setting that keeps whitespace loses only line breaks at
 * the end.
 */
export function readVariable(env: Env, name: string): string | undefined {
  const text = env[name];
  if (text === undefined || text.trim() === "") return undefined;
  return KEEPS_WHITESPACE.includes(name) ? text.replace(/[\r\n]+$/, "") : text.trim();
}

function isStringMap(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}
