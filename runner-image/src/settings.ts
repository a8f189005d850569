import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { duration } from "../../contract/duration";
import { nearest } from "../../contract/nearest";
import { REPLICA_ENV, SETTINGS_ENV, spreadSettings } from "../../contract/replica-env";
import { isTokenText, TOKEN_KINDS, tokenKindOf, type TokenKind } from "../../contract/token";
import {
  EXECUTORS,
  gitlabUrl,
  imageReference,
  MAX_CONCURRENT,
  MAX_DRAIN_TIMEOUT,
  MIN_MAXIMUM_TIMEOUT,
  PULL_POLICIES,
  runnerName,
  tags,
} from "../../contract/values";

type Env = Readonly<Record<string, string | undefined>>;

const YEAR = 365 * 86_400;

const boolean = z.pipe(
  z.enum(["true", "false"], "must be true or false"),
  z.transform((text) => text === "true"),
);

const list = z.pipe(
  z.string(),
  z.transform((text) => text.split(",").flatMap((item) => item.trim() || [])),
);

const count = (max: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d{1,6}$/, `must be a whole number from 1 to ${max}`)),
    z.pipe(
      z.transform(Number),
      z
        .number()
        .check(
          z.gte(1, `must be a whole number from 1 to ${max}`),
          z.lte(max, `must be a whole number from 1 to ${max}`),
        ),
    ),
  );

const schema = z.object({
  gitlabUrl,
  token: z
    .string()
    .check(
      z.refine(isTokenText, "must be 8 to 255 characters without blanks and quotes around it"),
    ),
  tokenKind: z.optional(z.enum(TOKEN_KINDS, `must be ${TOKEN_KINDS.join(" or ")}`)),
  runnerName: z._default(runnerName, "gitlab-runner-"),
  jobImage: z._default(imageReference, "ubuntu:24.04"),
  tags: z.optional(tags),
  runUntagged: z.optional(boolean),
  locked: z.optional(boolean),
  protected: z.optional(boolean),
  maximumTimeout: z.optional(duration(MIN_MAXIMUM_TIMEOUT, YEAR)),
  concurrent: z.prefault(count(MAX_CONCURRENT), "1"),
  drainTimeout: z.prefault(duration(0, MAX_DRAIN_TIMEOUT), "1h"),
  executor: z._default(z.enum(EXECUTORS, `must be ${EXECUTORS.join(" or ")}`), "docker"),
  dockerPrivileged: z.prefault(boolean, "false"),
  dockerVolumes: z.prefault(list, "/cache"),
  dockerPullPolicy: z._default(
    z.enum(PULL_POLICIES, `must be ${PULL_POLICIES.join(", ")}`),
    "always",
  ),
  dockerAllowedImages: z.prefault(list, ""),
  dockerHelperImage: z.optional(imageReference),
  dockerNetworkMode: z.optional(z.string()),
  pool: z.optional(z.string()),
  slot: z.optional(z.string()),
  generation: z.optional(z.string()),
});

/** Settings of a replica; times in seconds. */
export type ReplicaSettings = Omit<z.infer<typeof schema>, "tokenKind"> & {
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
  const parsed = schema.safeParse(texts);
  const wrong = parsed.success
    ? kindProblems(parsed.data.token, parsed.data.tokenKind)
    : parsed.error.issues.map((issue) => problemOf(issue, texts));
  const problems = [...unreadable, ...files, ...wrong];
  const warnings = unknownNames(env);
  if (!parsed.success || problems.length > 0) return { settings: undefined, problems, warnings };
  const tokenKind = parsed.data.tokenKind ?? tokenKindOf(parsed.data.token) ?? "authentication";
  return { settings: { ...parsed.data, tokenKind }, problems, warnings };
}

function spread(given: Env): { readonly env: Env; readonly problems: readonly string[] } {
  try {
    return { env: spreadSettings(given), problems: [] };
  } catch {
    return { env: given, problems: [`${SETTINGS_ENV} must be a JSON object of variables`] };
  }
}

/** Text of each setting that is set, itself or through its `_FILE` twin. */
function readTexts(env: Env) {
  const texts: Record<string, string> = {};
  const problems: string[] = [];
  for (const [setting, name] of Object.entries(REPLICA_ENV)) {
    const text = env[name]?.trim();
    if (text !== undefined && text !== "") texts[setting] = text;
  }
  const [name, twin] = [REPLICA_ENV.token, `${REPLICA_ENV.token}_FILE`];
  const path = env[twin];
  if (path === undefined || path === "") return { texts, problems };
  if (texts["token"] !== undefined) problems.push(`${name} and ${twin} are both set: unset one`);
  try {
    texts["token"] = readFileSync(path, "utf8").trim();
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    problems.push(`${twin} names ${path}, which cannot be read (${code})`);
  }
  return { texts, problems };
}

function problemOf(issue: z.core.$ZodIssue, texts: Readonly<Record<string, string>>): string {
  const setting = String(issue.path[0]) as keyof typeof REPLICA_ENV;
  const name = REPLICA_ENV[setting];
  const text = texts[setting];
  if (text === undefined) return `${name} is not set`;
  if (setting === "token") return `${name} ${issue.message}`;
  const shown = setting === "gitlabUrl" ? text.replace(/\/\/[^/@]*@/, "//[secret]@") : text;
  return `${name} ${issue.message}, got ${JSON.stringify(shown)}`;
}

function kindProblems(token: string, kind: TokenKind | undefined): readonly string[] {
  if (kind !== undefined || tokenKindOf(token) !== undefined) return [];
  return [
    `${REPLICA_ENV.token} has no known prefix (glrt-, GR1348941): set ${REPLICA_ENV.tokenKind} to ${TOKEN_KINDS.join(" or ")}`,
  ];
}

function unknownNames(env: Env): readonly string[] {
  const known: readonly string[] = [...Object.values(REPLICA_ENV), `${REPLICA_ENV.token}_FILE`];
  return Object.keys(env)
    .filter((name) => name.startsWith("RUNNER_") && name !== SETTINGS_ENV && !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      return `${name} is no setting and has no effect${meant === undefined ? "" : `; is ${meant} meant?`}`;
    });
}
