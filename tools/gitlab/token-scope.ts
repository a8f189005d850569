type Env = Readonly<Record<string, string | undefined>>;

/**
 * Variables that name the GitLab that GITLAB_TOKEN belongs to: the program's and the gitlab
 * provider's.
 */
const NAMES = ["RUNNER_CI_URL", "GITLAB_BASE_URL"] as const;

/**
 * Explains why GITLAB_TOKEN must not be sent to a GitLab; undefined if it belongs there. A swarm
 * may have pools of several GitLab instances, and a token must not leak to another instance.
 * @param urls base URLs of all pools
 */
export function whyTokenNotSent(
  env: Env,
  url: string,
  urls: readonly string[],
): string | undefined {
  const home = NAMES.map((name) => baseUrl(env[name] ?? "")).find((text) => text !== "");
  if (home === undefined) {
    if (urls.every((other) => isSameGitlab(other, url))) return undefined;
    return `the pools use several GitLab instances (${[...new Set(urls)].sort().join(", ")}): set RUNNER_CI_URL to the one that GITLAB_TOKEN belongs to`;
  }
  if (isSameGitlab(home, url)) return undefined;
  return `GITLAB_TOKEN belongs to ${home} and will not be sent to ${url}`;
}

/** Whether two URLs of GitLab or its API belong to the same GitLab. */
export function isSameGitlab(a: string, b: string): boolean {
  return baseUrl(a) === baseUrl(b);
}

function baseUrl(text: string): string {
  const url = text.trim();
  const whole = URL.canParse(url) ? new URL(url).href : url;
  return whole.replace(/\/+$/, "").replace(/\/api\/v4$/, "");
}
