import * as z from "zod/mini";
import type { StackSettings } from "../../../stack/stack-settings";
import { HttpError } from "../../../http/explain";
import { findRootCause } from "../../../http/fault";
import { GitlabClient } from "../../gitlab/client";
import { connect } from "../../gitlab/connect";
import { GitlabError, isGitlabStatus } from "../../gitlab/errors";
import { whyTokenNotSent } from "../../gitlab/token-scope";
import { listPools, nameSetting, readText } from "../pools";
import { failed, passed, type Result } from "../outcome";
import type { WaitFor } from "../steps";

type Env = Readonly<Record<string, string | undefined>>;

/** The version of each GitLab by its URL; undefined if no token may read it. */
export type GitlabVersions = ReadonlyMap<string, string | undefined>;

const versionSchema = z.object({ version: z.string() });

/** What GitLab said about its version. */
interface Answer {
  readonly version: string | undefined;
  /** Follows the URL in a line. */
  readonly text: string;
}

/** Checks that GitLab answers on this machine, and reads its version if a token may. */
export async function checkGitlab(
  settings: StackSettings,
  env: Env,
  waitFor: WaitFor,
): Promise<Result<GitlabVersions>> {
  const names = listUrls(settings);
  const urls = [...names.keys()];
  const versions = new Map<string, string | undefined>();
  const [texts, problems]: [string[], string[]] = [[], []];
  for (const [url, setting] of names) {
    waitFor(`an answer from ${url}`);
    try {
      const { version, text } = await ask(url, urls, env);
      versions.set(url, version);
      texts.push(`${url} answers, ${text}`);
    } catch (error) {
      if (!(error instanceof GitlabError)) throw error;
      problems.push(describeFailure(error, url, setting));
    }
  }
  return problems.length > 0 ? failed(...problems) : passed(texts.join("; "), versions);
}

/** Lists the URLs of the pools, each with the name of the first setting that has it. */
function listUrls(settings: StackSettings): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const pool of listPools(settings)) {
    const url = readText(pool, "gitlabUrl");
    if (!names.has(url)) names.set(url, nameSetting(pool, "gitlabUrl"));
  }
  return names;
}

async function ask(url: string, urls: readonly string[], env: Env): Promise<Answer> {
  const given = env["GITLAB_TOKEN"] ?? "";
  const refusal = given === "" ? "GITLAB_TOKEN is not set" : whyTokenNotSent(env, url, urls);
  const token = refusal === undefined ? given : undefined;
  const client = new GitlabClient({ apiUrl: `${url}/api/v4`, token, transport: connect(env) });
  try {
    const { version } = await client.call("/version", versionSchema);
    return { version, text: `version ${version}` };
  } catch (error) {
    if (!isGitlabStatus(error, 401, 403)) throw error;
    return {
      version: undefined,
      text: `its version is unknown: ${refusal ?? describeRefusal(error)}`,
    };
  }
}

function describeRefusal(error: unknown): string {
  return isGitlabStatus(error, 401)
    ? "GitLab rejects GITLAB_TOKEN"
    : "GITLAB_TOKEN lacks the scope read_api";
}

function describeFailure(error: GitlabError, url: string, setting: string): string {
  if (error.status !== undefined)
    return `${error.message}: check ${setting} and what answers there`;
  const { cause } = error;
  return (
    (cause instanceof HttpError ? explainFault(cause, url, setting) : undefined) ??
    `${error.message}: check ${setting}, and DNS, firewall and certificates between this machine and GitLab`
  );
}

/** Explains why GitLab cannot be reached; returns undefined for a rare reason. */
function explainFault(error: HttpError, url: string, setting: string): string | undefined {
  const { code, message } = findRootCause(error);
  switch (error.fault) {
    case "timeout":
      return `${url} did not answer in time: check ${setting}, and the firewalls between this machine and GitLab`;
    case "unresolved":
      return `this machine cannot resolve the name in ${url} (${code}): correct ${setting}, or check the DNS`;
    case "refused":
      return `nothing listens at ${url}: correct ${setting}, or start GitLab`;
    case "not TLS":
      return `${url} answers without TLS: write http:// in ${setting}, or correct the port`;
    case "untrusted":
      return `this machine does not trust the certificate of ${url} (${message}): set SSL_CERT_FILE or NODE_EXTRA_CA_CERTS to a file with its certificate authority, and add that to your own \`baseImage\`, below /etc/gitlab-runner/certs`;
    case "other name":
    case "expired":
    case "client certificate":
    case "proxy away":
    case "proxy login":
    case "proxy refused":
    case "proxy not HTTP":
      return error.message;
    case "other":
      return undefined;
  }
}
