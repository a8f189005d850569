import { rejectSecret } from "./looks-like-secret";
import { MIN_SECRET_LENGTH } from "./redact";
import { isNamedLikeSecret } from "./secret-names";
import { andThen, type Parsed, type SettingType } from "./settings/type";
import { map, type StringMap } from "./settings/types/map";

/** The maximum size of all names and values, so that the replica's settings fit into a variable. */
const MAX_BYTES = 32 * 1024;

const NAME = /^[A-Za-z_]\w*$/;

/** Control characters that are not allowed in a value: TOML can hold them, but no job can. */
const NUL = "\0";

/** Variables that a job needs as GitLab sets them, and why. */
const RESERVED: Readonly<Record<string, string>> = {
  CI_JOB_TOKEN: "GitLab gives each job its own",
};

/** Variables of jobs. Their values may refer to other variables, as `$NAME`. */
export const environment: SettingType<StringMap> = {
  ...variables((name, value) => rejectSecret(name, value, "move it to `secretEnvironment`")),
  toToml: formatVariables,
};

/** Variables of jobs with secret values. */
export const secretEnvironment: SettingType<StringMap> = variables((name, value) =>
  value.length < MIN_SECRET_LENGTH
    ? `must have values of at least ${MIN_SECRET_LENGTH} characters, and the value of ${name} is shorter: use a longer secret; a value that is not secret belongs in \`environment\``
    : undefined,
);

/**
 * Variables by name. A message never shows a value.
 * @param checkValue returns the rule that a value violates
 */
function variables(
  checkValue: (name: string, value: string) => string | undefined,
): SettingType<StringMap> {
  const type = map({
    name: checkName,
    value: (name, value) => checkText(name, value) ?? checkValue(name, value),
  });
  return {
    ...type,
    isHidden: true,
    parse: (written) => andThen(type.parse(written), checkSize),
  };
}

function checkSize(entries: StringMap): Parsed<StringMap> {
  const bytes = new TextEncoder().encode(formatVariables(entries).join("\n")).length;
  return bytes > MAX_BYTES
    ? { problem: `must be at most ${MAX_BYTES} bytes; it has ${bytes}` }
    : { value: entries };
}

function checkName(name: string): string | undefined {
  if (!NAME.test(name)) {
    return `must have names of letters, digits and underscores that do not start with a digit, and ${JSON.stringify(name)} is not one`;
  }
  const reason = Object.hasOwn(RESERVED, name) ? RESERVED[name] : undefined;
  return reason === undefined ? undefined : `must not set ${name}: ${reason}`;
}

function checkText(name: string, value: string): string | undefined {
  return value.includes(NUL)
    ? `must not contain NUL characters, but the value of ${name} does`
    : undefined;
}

/** Formats variables as gitlab-runner's list of `NAME=VALUE`. */
function formatVariables(entries: StringMap): readonly string[] {
  return Object.entries(entries).map(([name, value]) => `${name}=${value}`);
}

/**
 * A dollar sign that gitlab-runner expands, as Go's `os.Expand` does. It keeps any other, for
 * example one at the end of a value.
 */
const EXPANDED = /\$(?=[\w{*#$@!?-])/;

/**
 * Formats variables whose values are literal. gitlab-runner replaces `$NAME` in a value by the
 * variable, and `$$` by `$`. It does so only once, so a job variable that refers to a value gets
 * each `$$`. Only a dollar sign that needs it is therefore doubled.
 */
export function formatLiteralVariables(entries: StringMap): readonly string[] {
  const all = new RegExp(EXPANDED, "g");
  return formatVariables(entries).map((entry) => entry.replace(all, "$$$$"));
}

/** Lists the variables whose names say that their values are secrets. */
function listSecretNames(entries: StringMap): readonly string[] {
  return Object.keys(entries).filter((name) => isNamedLikeSecret(name, entries[name] ?? ""));
}

/** Why a secret must not be there. */
const READABLE = "whose values are readable in the stack's config, state and diffs";

/**
 * Lists the variables of a service that may be secrets.
 * @returns a sentence without a subject; undefined if there are none
 */
export function findServiceWarning(image: string, entries: StringMap): string | undefined {
  const secrets = listSecretNames(entries);
  return secrets.length === 0
    ? undefined
    : `sets ${secrets.join(", ")} for ${image}, ${READABLE}: move secrets to \`secretEnvironment\`, whose variables services also get`;
}

/**
 * Lists what may be wrong with variables.
 * @param isSecret whether the values are kept secret
 * @returns sentences without a subject, such as "sets CI_DEBUG_TRACE, …"
 */
export function findEnvironmentWarnings(entries: StringMap, isSecret = false): readonly string[] {
  const names = Object.keys(entries);
  const predefined = names.filter((name) => /^(?:CI|GITLAB)_/.test(name));
  const secrets = isSecret ? [] : listSecretNames(entries);
  const doubled = isSecret ? names.filter((name) => EXPANDED.test(entries[name] ?? "")) : [];
  return [
    ...(doubled.length === 0
      ? []
      : [
          `sets ${doubled.join(", ")} with a dollar sign that gitlab-runner doubles in other variables that refer to the value, such as \`OTHER: $${doubled[0] ?? ""}\` in .gitlab-ci.yml: use the variable itself in scripts`,
        ]),
    ...(predefined.length === 0
      ? []
      : [
          `sets ${predefined.join(", ")}: GitLab's own variables of the same names override the values`,
        ]),
    ...(secrets.length === 0
      ? []
      : [`sets ${secrets.join(", ")}, ${READABLE}: move secrets to \`secretEnvironment\``]),
  ];
}

/** Returns the names that are in both. */
export function findRepeatedNames(
  entries: StringMap = {},
  secrets: StringMap = {},
): readonly string[] {
  return Object.keys(entries).filter((name) => Object.hasOwn(secrets, name));
}
