import { string } from "./settings/types/string";

const EXAMPLE = "such as https://gitlab.example.com";

/** Paths that GitLab's pages and interfaces have, and no GitLab is installed at. */
const GITLAB_PAGES =
  /^\/(?:admin|users|groups|projects|dashboard|explore|help|profile|search|api)(?:\/|$)|\/-\/|\/-$|\.git$/;

/**
 * GitLab's base URL, without a trailing slash. A sub-path (relative URL root) is kept; `/ci` at its
 * end is left out, as gitlab-runner does: it is the address of a coordinator of long ago.
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
    // A password with a slash in it makes the rest of the text a path.
    !/[@?#]/.test(text);
  return usable ? url : undefined;
}

/** The address without slashes and `/ci` at the end of its path; a host may be called `ci`. */
function toBaseUrl({ origin, pathname }: URL): string {
  let path = pathname;
  while (/\/(?:ci)?$/.test(path)) path = path.replace(/\/(?:ci)?$/, "");
  return `${origin}${path}`;
}

function describeSyntax(text: string): string {
  const rule = `must be a URL that starts with https:// or http://, with no user, query or fragment, ${EXAMPLE}`;
  const bare = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?\/*$/i.test(text.trim());
  return bare ? `${rule} (https:// is missing)` : rule;
}

function checkUrl(url: URL): string | undefined {
  return url.href.includes("$")
    ? "must have no $ in it, since gitlab-runner puts a variable in its place: write %24"
    : checkPath(url);
}

/** A path that cannot be a sub-path of GitLab: of its API, or of a page or a repository in it. */
function checkPath(url: URL): string | undefined {
  const path = url.pathname.replace(/\/+$/, "");
  const rule = `must be GitLab's base URL, ${EXAMPLE}`;
  if (/\/api(?:\/(?:v\d+|graphql)(?:\/|$)|$)/.test(path)) {
    return `${rule}, and not the address of its API: leave out ${path.slice(path.lastIndexOf("/api"))}`;
  }
  if (
    GITLAB_PAGES.test(path) ||
    (/(?:^|\.)gitlab\.com$/.test(url.hostname) && !/^(?:\/ci)?$/.test(path))
  ) {
    return `${rule}, and not the address of a project, a group or a page: leave out ${path}`;
  }
  return undefined;
}

/** A doubt about a URL that can be used, as a sentence about it; undefined if there is none. */
export function getUrlWarning(base: string): string | undefined {
  const path = new URL(base).pathname.replace(/\/+$/, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (path === "" || /git/i.test(last)) return undefined;
  return `has the path ${path}: that is right only if GitLab itself lies there, and wrong for the address of a group or a project`;
}

/** Whether a URL leads to the machine or container that asks it. */
export function isLoopback(base: string): boolean {
  const { hostname } = new URL(base);
  return (
    /^(?:127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/.test(hostname) ||
    /^(?:[a-z0-9-]+\.)*localhost\.?$|^localhost\.localdomain$/.test(hostname)
  );
}
