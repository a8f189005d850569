import * as z from "zod/mini";
import type { StackPool, StackSettings } from "../../../stack/stack-settings";
import { HttpError } from "../../../http/explain";
import { findRootCause } from "../../../http/fault";
import { GitlabClient } from "../../gitlab/client";
import { connect } from "../../gitlab/connect";
import { GitlabError, isGitlabStatus } from "../../gitlab/errors";
import { whyTokenNotSent } from "../../gitlab/token-scope";
import { listPools, nameSetting, readText } from "../pools";
import { failed, passed, warned, type Result } from "../outcome";
import { readCertificates } from "../gitlab/certificates";
import { checkReplicaRoute } from "../gitlab/replica-route";
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
  const pools = listUrls(settings);
  const urls = [...pools.keys()];
  const versions = new Map<string, string | undefined>();
  const [texts, problems]: [string[], string[]] = [[], []];
  let isWarned = false;
  for (const [url, pool] of pools) {
    waitFor(`an answer from ${url}`);
    try {
      const { version, text } = await ask(url, urls, env, pool);
      versions.set(url, version);
      texts.push(`${url} answers, ${text}`);
      waitFor(`an answer from ${url} with the proxy and the certificates of the replicas`);
      const route = await checkReplicaRoute(pool, url);
      if (route === undefined) continue;
      (route.kind === "failed" ? problems : texts).push(route.text);
      isWarned ||= route.kind === "warned";
    } catch (error) {
      if (!(error instanceof GitlabError)) throw error;
      problems.push(describeFailure(error, url, pool));
    }
  }
  if (problems.length > 0) return failed(...problems);
  return (isWarned ? warned : passed)(texts.join("; "), versions);
}

/** Lists the URLs of the pools, each with the first pool that has it. */
function listUrls(settings: StackSettings): ReadonlyMap<string, StackPool> {
  const pools = new Map<string, StackPool>();
  for (const pool of listPools(settings)) {
    const url = readText(pool, "gitlabUrl");
    if (!pools.has(url)) pools.set(url, pool);
  }
  return pools;
}

async function ask(
  url: string,
  urls: readonly string[],
  env: Env,
  pool: StackPool,
): Promise<Answer> {
  const given = env["GITLAB_TOKEN"] ?? "";
  const refusal = given === "" ? "GITLAB_TOKEN is not set" : whyTokenNotSent(env, url, urls);
  const token = refusal === undefined ? given : undefined;
  const transport = connect(env, readCertificates(pool));
  const client = new GitlabClient({ apiUrl: `${url}/api/v4`, token, transport });
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

function describeFailure(error: GitlabError, url: string, pool: StackPool): string {
  const setting = nameSetting(pool, "gitlabUrl");
  if (error.status !== undefined)
    return `${error.message}: check ${setting} and what answers there`;
  const { cause } = error;
  return (
    (cause instanceof HttpError ? explainFault(cause, url, pool) : undefined) ??
    `${error.message}: check ${setting}, and DNS, firewall and certificates between this machine and GitLab`
  );
}

/** Explains why GitLab cannot be reached; returns undefined for a rare reason. */
function explainFault(error: HttpError, url: string, pool: StackPool): string | undefined {
  const setting = nameSetting(pool, "gitlabUrl");
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
      return `this machine does not trust the certificate of ${url} (${message}): set ${nameSetting(pool, "caCertificate")} to its certificate authority`;
    case "client certificate":
      return `${error.reason}: set ${nameSetting(pool, "clientCertificate")} and ${nameSetting(pool, "clientKey")} to one that GitLab accepts`;
    case "other name":
    case "expired":
    case "proxy away":
    case "proxy login":
    case "proxy refused":
    case "proxy not HTTP":
      return error.message;
    case "other":
      return undefined;
  }
}
