import { isIPv6 } from "node:net";
import { string } from "./settings/types/string";

const EXAMPLE = "such as https://gitlab.example.com";

/** Paths of GitLab's pages and APIs. GitLab cannot be installed under them. */
const GITLAB_PAGES =
  /^\/(?:admin|users|groups|projects|dashboard|explore|help|profile|search|api)(?:\/|$)|\/-\/|\/-$|\.git$/;

/**
 * GitLab's base URL, without a trailing slash. It may have a path (relative URL root). `/ci` at its
 * end is removed, as in gitlab-runner: old versions of GitLab had their CI server there.
 */
export const gitlabUrl = string("URL", (written) => {
  const url = parseUrl(written);
  const problem = url === undefined ? describeSyntax(written) : checkUrl(url);
  return url !== undefined && problem === undefined
    ? { value: toBaseUrl(url) }
    : { problem: problem ?? "" };
});

function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable =
    url !== undefined &&
    (url.protocol === "https:" || url.protocol === "http:") &&
    // `URL` does not find a user whose password contains a slash, so look for the characters.
    !/[@?#]/.test(text);
  return usable ? url : undefined;
}

/** Removes slashes and `/ci` from the end of the path. The host name may be `ci`. */
function toBaseUrl({ origin, pathname }: URL): string {
  let path = pathname;
  while (/\/(?:ci)?$/.test(path)) path = path.replace(/\/(?:ci)?$/, "");
  return `${origin}${path}`;
}

function describeSyntax(text: string): string {
  const rule = `must be a URL that starts with https:// or http://, without a user, query or fragment, ${EXAMPLE}`;
  const bare = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+|\[[0-9a-f:.]+\])(?::\d+)?\/*$/i.test(text.trim());
  if (bare) return `${rule} (https:// is missing)`;
  const host = text.trim().replace(/^https?:\/\/|\/.*$/gi, "");
  if (!isIPv6(host.replace(/^\[|\]$/g, ""))) return rule;
  // A URL has no zone, which would only be valid on one machine.
  return host.includes("%")
    ? `${rule} (an IPv6 address must not have a zone, such as %eth0: use an address that all nodes can reach)`
    : `${rule} (an IPv6 address must be in brackets: [${host}])`;
}

function checkUrl(url: URL): string | undefined {
  return url.href.includes("$")
    ? "must not contain $, which gitlab-runner expands as a variable: write %24"
    : checkPath(url);
}

/** Rejects the path of GitLab's API, and of a page or a repository in GitLab. */
function checkPath(url: URL): string | undefined {
  const path = url.pathname.replace(/\/+$/, "");
  const rule = `must be GitLab's base URL, ${EXAMPLE}`;
  if (/\/api(?:\/(?:v\d+|graphql)(?:\/|$)|$)/.test(path)) {
    return `${rule}, not the address of its API: remove ${path.slice(path.lastIndexOf("/api"))}`;
  }
  if (
    GITLAB_PAGES.test(path) ||
    (/(?:^|\.)gitlab\.com$/.test(url.hostname) && !/^(?:\/ci)?$/.test(path))
  ) {
    return `${rule}, not the address of a project, group or page: remove ${path}`;
  }
  return undefined;
}

/** Returns a warning about a valid URL that is probably wrong; undefined if there is none. */
export function getUrlWarning(base: string): string | undefined {
  const path = new URL(base).pathname.replace(/\/+$/, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (path === "" || /git/i.test(last)) return undefined;
  return `has the path ${path}: remove it unless GitLab is installed under this path`;
}

/** Whether a URL has a loopback address: it leads to the machine or container that uses it. */
export function isLoopback(base: string): boolean {
  const { hostname } = new URL(base);
  return (
    /^(?:127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/.test(hostname) ||
    /^(?:[a-z0-9-]+\.)*localhost\.?$|^localhost\.localdomain$/.test(hostname)
  );
}
