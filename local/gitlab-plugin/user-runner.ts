import { callGitlab, GitlabError, type GitlabAccess } from "./gitlab-client";

/** Type token of the one resource that this plugin has. */
export const USER_RUNNER = "gitlab:index/userRunner:UserRunner";

/** Properties of a UserRunner, named as in the official plugin. */
export type Properties = Readonly<Record<string, unknown>>;

/** Names of a property here and in GitLab's API. */
const FIELDS = [
  ["description", "description"],
  ["maintenanceNote", "maintenance_note"],
  ["paused", "paused"],
  ["locked", "locked"],
  ["untagged", "run_untagged"],
  ["tagLists", "tag_list"],
  ["accessLevel", "access_level"],
  ["maximumTimeout", "maximum_timeout"],
] as const;

/** Properties that cannot be changed: another value is another runner. */
const FIXED = [
  ["runnerType", "runner_type"],
  ["groupId", "group_id"],
  ["projectId", "project_id"],
] as const;

const INPUTS = [...FIELDS, ...FIXED].map(([property]) => property);

/** Makes the runner; only now does GitLab tell its token. */
export async function createRunner(
  access: GitlabAccess,
  inputs: Properties,
): Promise<{ readonly id: string; readonly outs: Properties }> {
  const body = toApi(inputs, [...FIELDS, ...FIXED]);
  const made = (await callGitlab(access, "POST", "user/runners", body)) as {
    readonly id: number;
    readonly token: string;
  };
  return { id: String(made.id), outs: { ...inputs, token: made.token } };
}

/** Reads the runner as it is in GitLab; undefined if it is gone. The token stays as it is known. */
export async function readRunner(
  access: GitlabAccess,
  id: string,
  known: Properties,
): Promise<{ readonly props: Properties; readonly inputs: Properties } | undefined> {
  try {
    const found = (await callGitlab(access, "GET", `runners/${id}`)) as Properties;
    // GitLab tells more than was set, such as an empty note; only what was set is compared.
    const current = Object.fromEntries(
      [...FIELDS, ...FIXED]
        .filter(([property]) => known[property] !== undefined)
        .map(([property, field]) => [property, found[field] ?? known[property]]),
    );
    return { props: { ...known, ...current }, inputs: current };
  } catch (error) {
    if (error instanceof GitlabError && error.status === 404) return undefined;
    throw error;
  }
}

/** Changes the runner in place. */
export async function updateRunner(
  access: GitlabAccess,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<Properties> {
  await callGitlab(access, "PUT", `runners/${id}`, toApi(news, FIELDS));
  return { ...news, token: olds["token"] };
}

/** Deletes the runner and all its managers; one that is gone already is fine. */
export async function deleteRunner(access: GitlabAccess, id: string): Promise<void> {
  try {
    await callGitlab(access, "DELETE", `runners/${id}`);
  } catch (error) {
    if (!(error instanceof GitlabError && error.status === 404)) throw error;
  }
}

/** Tells which inputs differ, and which of them cannot be changed in place. */
export function diffRunner(
  olds: Properties,
  news: Properties,
): { readonly changes: boolean; readonly replaces: string[] } {
  const changed = INPUTS.filter((name) => !isSame(olds[name], news[name]));
  const replaces = FIXED.map(([property]) => property).filter((name) => changed.includes(name));
  return { changes: changed.length > 0, replaces };
}

/** Tags are a set: GitLab gives them back in an order of its own. */
function isSame(a: unknown, b: unknown): boolean {
  const normal = (value: unknown) =>
    JSON.stringify(Array.isArray(value) ? value.map(String).sort() : value);
  return normal(a) === normal(b);
}

function toApi(
  inputs: Properties,
  names: readonly (readonly [property: string, field: string])[],
): Properties {
  return Object.fromEntries(
    names
      .filter(([property]) => inputs[property] !== undefined)
      .map(([property, field]) => [field, inputs[property]]),
  );
}
