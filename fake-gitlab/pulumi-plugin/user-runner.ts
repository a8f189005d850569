import { callGitlab, GitlabError, type GitlabAccess } from "./gitlab-client";
import { FIELDS, FIXED, toState, toApi, type Properties } from "./properties";

/** Type token of this plugin's only resource. */
export const USER_RUNNER = "gitlab:index/userRunner:UserRunner";

/**
 * Creates the runner. Only this response contains its token. Then it reads the runner, which fails
 * with the scope `create_runner` alone: the runner then exists, but not in the state.
 */
export async function createRunner(
  access: GitlabAccess,
  inputs: Properties,
): Promise<{ readonly id: string; readonly outs: Properties }> {
  const body = toApi(inputs, [...FIELDS, ...FIXED]);
  const made = (await callGitlab(access, "POST", "user/runners", body)) as {
    readonly id: number;
    readonly token: string;
  };
  const id = String(made.id);
  try {
    const found = (await callGitlab(access, "GET", `runners/${id}`)) as Properties;
    return { id, outs: toState(id, found, { ...inputs, token: made.token }) };
  } catch (error) {
    throw new Error(`Error reading new GitLab runner after creation: ${readMessage(error)}`, {
      cause: error,
    });
  }
}

/**
 * Reads the runner from GitLab; undefined if it was deleted. The known token stays.
 * @param inputs what the program set; only that is compared
 * @default everything known
 */
export async function readRunner(
  access: GitlabAccess,
  id: string,
  known: Properties,
  inputs: Properties = known,
): Promise<{ readonly props: Properties; readonly inputs: Properties } | undefined> {
  try {
    const found = (await callGitlab(access, "GET", `runners/${id}`)) as Properties;
    const props = toState(id, found, known);
    const set = [...FIELDS, ...FIXED]
      .map(([property]) => property)
      .filter((property) => inputs[property] !== undefined);
    return { props, inputs: Object.fromEntries(set.map((name) => [name, props[name]])) };
  } catch (error) {
    if (error instanceof GitlabError && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * Changes the runner in place. Properties that the program does not set stay unchanged, including
 * the timeout, for which GitLab does not accept 0.
 */
export async function updateRunner(
  access: GitlabAccess,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<Properties> {
  const found = await callGitlab(access, "PUT", `runners/${id}`, toApi(news, FIELDS));
  return toState(id, found as Properties, { ...olds, ...news, token: olds["token"] });
}

/**
 * Deletes the runner and all its managers.
 * @throws if it was already deleted, as the official plugin does
 */
export async function deleteRunner(access: GitlabAccess, id: string): Promise<void> {
  try {
    await callGitlab(access, "DELETE", `runners/${id}`);
  } catch (error) {
    throw new Error(`Unable to delete runner: ${readMessage(error)}`, { cause: error });
  }
}

/** The differences between a runner and the program. */
export interface RunnerDiff {
  readonly changes: boolean;
  /** All properties that differ. */
  readonly differing: readonly string[];
  /** Properties that cannot be changed in place, sorted. */
  readonly replaces: string[];
}

/**
 * Compares what the program sets. Properties that it does not set keep their value, except for the
 * runner's owner.
 */
export function diffRunner(olds: Properties, news: Properties): RunnerDiff {
  const changed = FIELDS.map(([name]) => name).filter(
    (name) => news[name] !== undefined && !isSame(olds[name], news[name]),
  );
  const replaces = FIXED.map(([name]) => name).filter((name) => !isSame(olds[name], news[name]));
  const differing = [...changed, ...replaces].sort();
  return { changes: differing.length > 0, differing, replaces };
}

/** Tags are a set, which GitLab returns in its own order. */
function isSame(a: unknown, b: unknown): boolean {
  const normal = (value: unknown) =>
    JSON.stringify(Array.isArray(value) ? value.map(String).sort() : value);
  return normal(a) === normal(b);
}

function readMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
