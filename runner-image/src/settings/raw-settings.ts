import { readFileSync } from "node:fs";
import {
  parseSettingsVariable,
  readVariable,
  SETTINGS_ENV,
  TASK_ENV,
} from "../../../contract/replica-env";
import {
  envOf,
  fileEnvOf,
  REPLICA_KEYS,
  SECRET_KEYS,
  settingOf,
  type KeyOf,
} from "../../../contract/settings/keys";
import { showFile } from "./problems";

/** Variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

type ByKey = Readonly<Partial<Record<KeyOf<"replica">, string>>>;

/** The settings in a replica's environment, and in the files that it names. */
export interface RawSettings {
  /** Strings of the settings that are set, not parsed yet. */
  readonly strings: ByKey;
  /** Files that contain the values of secret settings. */
  readonly files: ByKey;
  /** Where the replica runs. */
  readonly place: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** Variables that a replica reads. */
export const KNOWN_VARIABLES: readonly string[] = [
  ...REPLICA_KEYS.map(envOf),
  ...SECRET_KEYS.map(fileEnvOf),
  ...Object.values(TASK_ENV),
  SETTINGS_ENV,
];

/** Reads RUNNER_SETTINGS, the variable that contains other variables. */
export function readCombinedVariable(given: Env): {
  readonly combined: Env;
  readonly problems: readonly string[];
} {
  try {
    return { combined: parseSettingsVariable(given), problems: [] };
  } catch {
    const problem = `${SETTINGS_ENV} must be a JSON object of variables, each a string`;
    return { combined: {}, problems: [problem] };
  }
}

/**
 * Reads the value of each setting from its variable, or of a secret from the file that its `_FILE`
 * variable names. A variable that is set directly overrides the same variable in RUNNER_SETTINGS.
 */
export function readRawSettings(own: Env, combined: Env): RawSettings {
  const readText = (name: string) => readVariable(own, name) ?? combined[name];
  const strings: Record<string, string> = {};
  const files: Record<string, string> = {};
  const problems: string[] = [];
  for (const key of REPLICA_KEYS) {
    const text = readText(envOf(key));
    if (text !== undefined) strings[key] = text;
  }
  for (const key of SECRET_KEYS) {
    const path = readText(fileEnvOf(key)) ?? "";
    if (path === "") continue;
    const hasText = strings[key] !== undefined;
    if (hasText) problems.push(`${envOf(key)} and ${fileEnvOf(key)} are both set: unset one`);
    const content = readSecret(path, settingOf(key).type.keepsWhitespace === true);
    if ("text" in content) strings[key] = content.text;
    else {
      problems.push(
        `${fileEnvOf(key)} names ${showFile(path)}, which cannot be read (${content.code})`,
      );
    }
    // If the file cannot be read, the variable's own value applies.
    if ("text" in content || !hasText) files[key] = path;
  }
  const place = Object.entries(TASK_ENV).flatMap(([name, variable]) => {
    const text = readText(variable);
    return text === undefined ? [] : [[name, text] as const];
  });
  return { strings, files, place: Object.fromEntries(place), problems };
}

function readSecret(
  path: string,
  keepsWhitespace: boolean,
): { readonly text: string } | { readonly code: string } {
  try {
    const text = readFileSync(path, "utf8");
    return { text: keepsWhitespace ? text : text.trim() };
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    return { code };
  }
}
