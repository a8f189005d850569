import { isObject } from "../../contract/json";
import { isSecretVariable, looksSecret, splitVariable } from "./find-secrets";
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

/** Leaves only what is valid and not secret in the tables of services. */
export function cleanServices(found: FoundKey): {
  /** Undefined if no service is left. */
  readonly found: FoundKey | undefined;
  readonly problems: readonly Note[];
} {
  const problems: Note[] = [];
  const services: readonly unknown[] = Array.isArray(found.value) ? found.value : [found.value];
  const clean = services.flatMap((service, index) => {
    const { open, problems: broken } = cleanService(found, service);
    problems.push(...broken);
    if (!looksSecret("services", open)) return [open];
    problems.push({
      line: found.line,
      text: `${found.key}: entry ${index + 1} of ${services.length} contains what looks like a secret, and \`docker.services\` is not kept secret: add the service without the secret, which it can get as a variable in \`secretEnvironment\``,
    });
    return [];
  });
  return { found: clean.length === 0 ? undefined : { ...found, value: clean }, problems };
}

/** Removes the variables of a service that are invalid or look like secrets. */
function cleanService(
  found: FoundKey,
  service: unknown,
): { readonly open: unknown; readonly problems: readonly Note[] } {
  if (!isObject(service) || service["environment"] === undefined) {
    return { open: service, problems: [] };
  }
  const key = `${found.key}.environment`;
  const { values, problems } = readVariables(
    { ...found, key, value: service["environment"] },
    "set it in `docker.services` yourself",
  );
  const isSecret = ([name, value]: readonly [string, string]) => isSecretVariable(name, value);
  const secrets = [...values].filter(isSecret).map(([name]) => ({
    line: found.line,
    text: `${key}: ${name} looks like a secret, and \`docker.services\` is not kept secret: set it in \`secretEnvironment\`, whose variables jobs and services get`,
  }));
  const open = new Map([...values].filter((entry) => !isSecret(entry)));
  const rest = Object.fromEntries(
    Object.entries(service).filter(([name]) => name !== "environment"),
  );
  return {
    open: open.size === 0 ? rest : { ...rest, environment: writeVariables(open) },
    problems: [...problems, ...secrets],
  };
}
