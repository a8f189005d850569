import { isObject } from "../../contract/json";
import { splitVariable } from "./find-secrets";
import type { FoundKey, Note } from "./found-key";
import { toPlain } from "./from-toml";

const VARIABLE_NAME = /^[A-Za-z_]\w*$/;

/** Variables in a list of `NAME=VALUE`. */
interface Variables {
  /** As in gitlab-runner, the last one of several variables with one name. */
  readonly values: ReadonlyMap<string, string>;
  /** Entries that are not a variable. */
  readonly problems: readonly Note[];
}

/**
 * Reads the variables of a key.
 * @param advice what a user can do about an entry that is not a variable
 */
export function readVariables({ key, line, value }: FoundKey, advice: string): Variables {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const values = new Map<string, string>();
  const problems: Note[] = [];
  for (const [index, entry] of entries.map(toPlain).entries()) {
    const variable = splitVariable(entry);
    if (variable !== undefined && VARIABLE_NAME.test(variable.name)) {
      values.set(variable.name, variable.value);
    } else {
      problems.push({
        line,
        text: `${key}: entry ${index + 1} of ${entries.length} must be NAME=VALUE, with a name of letters, digits and underscores that does not start with a digit: ${advice}`,
      });
    }
  }
  return { values, problems };
}

/** Writes variables as gitlab-runner does. */
export function writeVariables(values: ReadonlyMap<string, string>): readonly string[] {
  return [...values].map(([name, value]) => `${name}=${value}`);
}

/** Leaves only valid variables in the tables of services. */
export function cleanServices(found: FoundKey): {
  readonly found: FoundKey;
  readonly problems: readonly Note[];
} {
  const problems: Note[] = [];
  const services: readonly unknown[] = Array.isArray(found.value) ? found.value : [found.value];
  const clean = services.map((service) => {
    if (!isObject(service) || service["environment"] === undefined) return service;
    const environment = {
      ...found,
      key: `${found.key}.environment`,
      value: service["environment"],
    };
    const variables = readVariables(environment, "set it in `docker.services` yourself");
    problems.push(...variables.problems);
    return { ...service, environment: writeVariables(variables.values) };
  });
  return { found: { ...found, value: clean }, problems };
}
