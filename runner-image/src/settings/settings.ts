import { getUrlWarning } from "../../../contract/gitlab-url";
import type { TASK_ENV } from "../../../contract/replica-env";
import {
  appliesTo,
  defaultOf,
  envOf,
  isSecretValue,
  listSecretStrings,
  REPLICA_KEYS,
  SECRET_KEYS,
  settingOf,
  type KeyOf,
  type KeyWith,
  type SettingKey,
  type ValueOf,
} from "../../../contract/settings/keys";
import { checkRules } from "../../../contract/settings/rules/all";
import { nest, type ForExecutor, type Nested } from "../../../contract/settings/nested";
import { TOKEN_KINDS, detectTokenKind, type TokenKind } from "../../../contract/token";
import { describeUnknownVariables } from "../../../contract/variable-names";
import { toRuleInput } from "./rule-input";
import { missingProblem, describeInvalid } from "./problems";
import {
  KNOWN_VARIABLES,
  readCombinedVariable,
  readRawSettings,
  type Env,
  type RawSettings,
} from "./raw-settings";

type ReplicaKey = KeyOf<"replica">;

/** Settings that always have a value. */
type PresentKey =
  Exclude<KeyWith<"default" | "required">, KeyWith<"newRunnerOnly">> | "token" | "tokenKind";

type ReplicaValues = {
  readonly [K in ReplicaKey]: K extends PresentKey ? ValueOf<K> : ValueOf<K> | undefined;
};

/** Where a replica runs. */
export type ReplicaPlace = { readonly [K in keyof typeof TASK_ENV]?: string };

/**
 * Settings of a replica; times in seconds. Settings that GitLab keeps for the runner are undefined
 * unless they are set.
 */
export type ReplicaSettings = ForExecutor<Nested<ReplicaValues>> & ReplicaPlace;

export interface ReadSettings {
  /** Undefined if there are problems. */
  readonly settings: ReplicaSettings | undefined;
  /** All problems. Each names the variable, its value (never a secret's) and what is allowed. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Reads and validates a replica's settings from its environment and the files that it names.
 * @param check finds settings that contradict each other
 */
export function readSettings(given: Env, check = checkRules): ReadSettings {
  const { combined, problems: unreadable } = readCombinedVariable(given);
  const raw = readRawSettings(given, combined);
  const { values, problems: wrong } = parseRawSettings(raw);
  const problems = [...unreadable, ...raw.problems, ...wrong, ...findTokenProblems(values)];
  const unknown = describeUnknownVariables({ ...combined, ...given }, KNOWN_VARIABLES);
  if (problems.length > 0) return { settings: undefined, problems, warnings: unknown };
  const conflicts = findConflicts(values, raw, check);
  if (conflicts.length > 0) return { settings: undefined, problems: conflicts, warnings: unknown };
  const settings = assemble(values, raw.place);
  const doubt = getUrlWarning(settings.gitlabUrl);
  const warnings = [
    ...unknown,
    ...(doubt === undefined ? [] : [`${envOf("gitlabUrl")} ${doubt}`]),
    ...(settings.tokenKind === "authentication" ? warnWithoutEffect(raw) : []),
  ];
  return { settings, problems, warnings };
}

/**
 * Checks the settings against each other. Only `pulumi up` prints the warnings: a replica would
 * repeat them at each start. The pool also passes defaults, so a value that is the default does not
 * count as set.
 */
function findConflicts(
  values: Values,
  { strings }: RawSettings,
  check: typeof checkRules,
): readonly string[] {
  const isSet = (key: SettingKey) => {
    const value: unknown = Object.hasOwn(strings, key) ? values[key as ReplicaKey] : undefined;
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(defaultOf(key));
  };
  return check(toRuleInput(Object.fromEntries(listApplicable(values)), isSet)).problems;
}

/** Returns the values that no log may show. */
export function listSecrets(settings: ReplicaSettings): readonly string[] {
  const values: Readonly<Record<string, unknown>> = settings;
  return SECRET_KEYS.flatMap((key) => {
    const value = getValue(values, key);
    return value === undefined || !isSecretValue(key, value) ? [] : listSecretStrings(key, value);
  });
}

/** Returns the value at a key such as `docker.privileged`, or undefined. */
export function getValue(settings: unknown, key: string): unknown {
  return key.split(".").reduce<unknown>((inside, name) => {
    return typeof inside === "object" && inside !== null
      ? (inside as Readonly<Record<string, unknown>>)[name]
      : undefined;
  }, settings);
}

type Values = { readonly [K in ReplicaKey]?: ValueOf<K> };

function parseRawSettings({ strings, files }: RawSettings): {
  readonly values: Values;
  readonly problems: readonly string[];
} {
  const values: Partial<Record<ReplicaKey, unknown>> = {};
  const problems: string[] = [];
  for (const key of REPLICA_KEYS) {
    const text = strings[key];
    if (text === undefined) {
      problems.push(...missingProblem(key, files[key]));
      if (settingOf(key).newRunnerOnly === undefined) values[key] = defaultOf(key);
      continue;
    }
    const parsed = settingOf(key).type.parse(text);
    if ("value" in parsed) values[key] = parsed.value;
    else problems.push(describeInvalid(key, parsed.problem, text, files[key]));
  }
  // Single cast: each value was produced by its own key's parser.
  return { values: values as Values, problems };
}

function assemble(values: Values, place: ReplicaPlace): ReplicaSettings {
  const tokenKind = resolveTokenKind(values) ?? "authentication";
  const nested: object = nest<Readonly<Record<string, unknown>>>(
    Object.fromEntries([
      ...listApplicable(values),
      ["tokenKind", tokenKind],
      ...Object.entries(place),
    ]),
  );
  // Required settings exist; otherwise there would be problems.
  return nested as ReplicaSettings;
}

/** Lists the values without those of another executor. */
function listApplicable(values: Values): readonly (readonly [string, unknown])[] {
  return Object.entries(values).filter(([key]) => appliesTo(values.executor, key as ReplicaKey));
}

function resolveTokenKind({ token, tokenKind }: Values): TokenKind | undefined {
  return tokenKind ?? (token === undefined ? undefined : detectTokenKind(token));
}

function findTokenProblems(values: Values): readonly string[] {
  if (values.token === undefined || resolveTokenKind(values) !== undefined) return [];
  return [
    `${envOf("token")} has no known prefix (glrt-, GR1348941): set ${envOf("tokenKind")} to ${TOKEN_KINDS.join(" or ")}`,
  ];
}

/**
 * Warns about settings of a new runner: with an authentication token, the runner exists already.
 */
function warnWithoutEffect({ strings }: RawSettings): readonly string[] {
  const names = REPLICA_KEYS.filter(
    (key) => settingOf(key).newRunnerOnly !== undefined && strings[key] !== undefined,
  ).map(envOf);
  if (names.length === 0) return [];
  return [
    `${names.join(", ")}: no effect with an authentication token; change the runner in GitLab instead`,
  ];
}
