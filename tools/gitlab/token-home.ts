type Env = Readonly<Record<string, string | undefined>>;

/** Variables that name the GitLab of GITLAB_TOKEN: the program's own, and the gitlab provider's. */
const NAMES = ["RUNNER_CI_URL", "GITLAB_BASE_URL"] as const;

/**
 * Why GITLAB_TOKEN is not to be sent to a GitLab; undefined where it belongs there. A swarm may have pools of several
 * GitLabs, and a token shown to another one is given away.
 * @param urls base URLs of all pools
 */
export function refusalToSend(env: Env, url: string, urls: readonly string[]): string | undefined {
  const home = NAMES.map((name) => baseUrl(env[name]?.trim() ?? "")).find((text) => text !== "");
  if (home === undefined) {
    if (urls.every((other) => baseUrl(other) === baseUrl(url))) return undefined;
    return `the pools are at several GitLabs (${[...new Set(urls)].sort().join(", ")}): say in RUNNER_CI_URL which one GITLAB_TOKEN is of`;
  }
  if (home === baseUrl(url)) return undefined;
  return `GITLAB_TOKEN is of ${home} and is not sent to ${url}`;
}

function baseUrl(url: string): string {
  return url.replace(/\/+$/, "").replace(/\/api\/v4$/, "");
}
