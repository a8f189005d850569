import { readFileSync } from "node:fs";
import type * as z from "zod/mini";
import { nearest } from "../../contract/nearest";
import {
  REPLICA_ENV,
  SETTINGS_ENV,
  spreadSettings,
  type ReplicaSetting,
} from "../../contract/replica-env";
import { TOKEN_KINDS, tokenKindOf, type TokenKind } from "../../contract/token";
import { settingsSchema } from "./settings-schema";

type Env = Readonly<Record<string, string | undefined>>;

/** Settings of a replica; times in seconds. */
export type ReplicaSettings = Omit<z.infer<typeof settingsSchema>, "tokenKind"> & {
  readonly tokenKind: TokenKind;
};

export interface ReadSettings {
  /** Undefined if there are problems. */
  readonly settings: ReplicaSettings | undefined;
  /** Every problem there is, each naming the variable, its value (never a secret's) and what is allowed. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Reads and checks the settings of a replica from its environment and the files that it names. */
export function readSettings(given: Env): ReadSettings {
  const { env, problems: unreadable } = spread(given);
  const { texts, problems: files } = readTexts(env);
  const parsed = settingsSchema.safeParse(texts);
  const wrong = parsed.success
    ? kindProblems(parsed.data.token, parsed.data.tokenKind)
    : parsed.error.issues.flatMap((issue) => problemOf(issue, texts, env));
  const problems = [...unreadable, ...files, ...wrong];
  const unknown = unknownNames(env);
  if (!parsed.success || problems.length > 0) {
    return { settings: undefined, problems, warnings: unknown };
  }
  const tokenKind = parsed.data.tokenKind ?? tokenKindOf(parsed.data.token) ?? "authentication";
  const warnings = [...unknown, ...(tokenKind === "authentication" ? withoutEffect(texts) : [])];
  return { settings: { ...parsed.data, tokenKind }, problems, warnings };
}

function spread(given: Env): { readonly env: Env; readonly problems: readonly string[] } {
  try {
    return { env: spreadSettings(given), problems: [] };
  } catch {
    const problem = `${SETTINGS_ENV} must be a JSON object of variables, each a text`;
    return { env: given, problems: [problem] };
  }
}

/** Texts of the settings, by setting. */
type Texts = Readonly<Record<string, string | undefined>>;

const TOKEN_FILE_ENV = `${REPLICA_ENV.token}_FILE`;

/** Text of each setting that is set, the token's itself or in the file that its `_FILE` twin names. */
function readTexts(env: Env): { readonly texts: Texts; readonly problems: readonly string[] } {
  const texts: Record<string, string> = {};
  for (const [setting, name] of Object.entries(REPLICA_ENV)) {
    const text = env[name]?.trim();
    if (text !== undefined && text !== "") texts[setting] = text;
  }
  const path = env[TOKEN_FILE_ENV]?.trim();
  if (path === undefined || path === "") return { texts, problems: [] };
  const both =
    texts["token"] === undefined
      ? []
      : [`${REPLICA_ENV.token} and ${TOKEN_FILE_ENV} are both set: unset one`];
  try {
    return { texts: { ...texts, token: readFileSync(path, "utf8").trim() }, problems: both };
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    const named = tokenKindOf(path) === undefined ? path : "a token in place of a file";
    const unreadable = `${TOKEN_FILE_ENV} names ${named}, which cannot be read (${code})`;
    return { texts, problems: [...both, unreadable] };
  }
}

/** @returns nothing where another problem tells it already */
function problemOf(issue: z.core.$ZodIssue, texts: Texts, env: Env): readonly string[] {
  const setting = String(issue.path[0]) as ReplicaSetting;
  const name = REPLICA_ENV[setting];
  const text = texts[setting];
  if (setting === "token") {
    const path = env[TOKEN_FILE_ENV]?.trim() ?? "";
    if (text === undefined) return path === "" ? [`${name} or ${TOKEN_FILE_ENV} must be set`] : [];
    return [path === "" ? `${name} ${issue.message}` : `the text of ${path} ${issue.message}`];
  }
  if (text === undefined) return [`${name} must be set`];
  const shown = setting === "gitlabUrl" ? showUrl(text) : text;
  return [`${name} ${issue.message}, got ${JSON.stringify(shown)}`];
}

/** A URL as a message may show it: with no user and password, in whatever form they stand, and no query. */
function showUrl(text: string): string {
  return text
    .replace(/^.*[?#].*@.*$/s, "[secret]")
    .replace(/^.*@/s, "[secret]@")
    .replace(/([?#]).+$/s, "$1[secret]");
}

function kindProblems(token: string, kind: TokenKind | undefined): readonly string[] {
  if (kind !== undefined || tokenKindOf(token) !== undefined) return [];
  return [
    `${REPLICA_ENV.token} has no known prefix (glrt-, GR1348941): set ${REPLICA_ENV.tokenKind} to ${TOKEN_KINDS.join(" or ")}`,
  ];
}

/** What a replica would tell GitLab when it registers a runner. */
const OF_A_NEW_RUNNER: readonly ReplicaSetting[] = [
  "tags",
  "runUntagged",
  "locked",
  "protected",
  "maximumTimeout",
];

/** With an authentication token the runner exists, and GitLab holds what it is. */
function withoutEffect(texts: Texts): readonly string[] {
  const names = OF_A_NEW_RUNNER.filter((setting) => texts[setting] !== undefined).map(
    (setting) => REPLICA_ENV[setting],
  );
  if (names.length === 0) return [];
  return [
    `${names.join(", ")}: no effect with an authentication token; set it for the runner in GitLab`,
  ];
}

function unknownNames(env: Env): readonly string[] {
  const known: readonly string[] = [...Object.values(REPLICA_ENV), TOKEN_FILE_ENV];
  return Object.keys(env)
    .filter((name) => name.startsWith("RUNNER_") && name !== SETTINGS_ENV && !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      return `${name} is no setting and has no effect${meant === undefined ? "" : `; is ${meant} meant?`}`;
    });
}
