import type * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";
import { callApi, type Transport } from "../../gitlab-api/call";
import { readFields } from "../../gitlab-api/error-message";
import { connectGitlab, type GitlabCertificates } from "../../http/gitlab-transport";
import { pluginEnvironment } from "../environment";
import { asInput, userError } from "../user-error";
import type { PoolSettings } from "../settings/pool-settings";
import { REMEDY } from "./manual-changes";
import { findGitlabProvider } from "./user-runner";

/** How long GitLab may take to answer. The program does not depend on the answer. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Fails if a runner that the pool created was deleted in GitLab. The state still has the runner,
 * and GitLab rejects the replicas only at their next request. A preview does not ask GitLab.
 * @throws {pulumi.RunError} if GitLab no longer has the runner
 */
export function failIfRunnerDeleted(
  pool: pulumi.Resource,
  serviceName: string,
  runnerId: pulumi.Output<string>,
  {
    gitlabUrl,
    onlineTimeout,
    certificates,
  }: Pick<PoolSettings, "gitlabUrl" | "onlineTimeout" | "certificates">,
): void {
  if (pulumi.runtime.isDryRun() || onlineTimeout === 0) return;
  pulumi
    .all([
      ...([gitlabUrl, runnerId, readAccessToken(findGitlabProvider(pool))] as const),
      pulumi.all(Object.fromEntries(certificates)),
    ])
    .apply(([url, id, token, own]) => asInput(check(serviceName, url, id, token, own)));
}

/** Reads the access token of a provider, which defaults to `GITLAB_TOKEN`. */
function readAccessToken(provider: pulumi.ProviderResource | undefined): pulumi.Output<string> {
  const ofProvider = provider !== undefined && hasToken(provider) ? provider.token : undefined;
  return pulumi
    .output(ofProvider)
    .apply((token) => token ?? pluginEnvironment()["GITLAB_TOKEN"] ?? "");
}

function hasToken(provider: pulumi.ProviderResource): provider is gitlab.Provider {
  return "token" in provider;
}

async function check(
  serviceName: string,
  gitlabUrl: string,
  id: string,
  accessToken: string,
  certificates: GitlabCertificates,
): Promise<void> {
  if (accessToken === "") return;
  const connect = () => connectGitlab(pluginEnvironment(), ANSWER_TIMEOUT_MS, certificates);
  if (!(await isRunnerDeleted(gitlabUrl, id, accessToken, connect))) return;
  const message = `runner ${id}, which this stack created for ${serviceName}, was deleted in GitLab; to create a new one, ${REMEDY}`;
  throw userError(message);
}

/**
 * Whether GitLab itself reports that the runner does not exist. A 404 from a proxy does not count,
 * because its body is not JSON with a message.
 */
export async function isRunnerDeleted(
  gitlabUrl: string,
  id: string,
  accessToken: string,
  connect: () => Transport,
): Promise<boolean> {
  try {
    const { status, json } = await callApi(
      { apiUrl: `${gitlabUrl}/api/v4`, transport: connect(), nowMs: Date.now },
      {
        path: `/runners/${encodeURIComponent(id)}`,
        headers: { "private-token": accessToken },
      },
    );
    return status === 404 && readFields(json).message !== undefined;
  } catch {
    return false;
  }
}
