import * as z from "zod/mini";
import { envOf } from "../../../contract/settings/keys";
import type { StackSettings } from "../../../stack/stack-settings";
import { GitlabClient } from "../../gitlab/client";
import { GitlabError, isGitlabStatus } from "../../gitlab/errors";
import { whyTokenNotSent } from "../../gitlab/token-scope";
import { listPools, readText } from "../pools";
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
  const urls = [...new Set(listPools(settings).map((pool) => readText(pool, "gitlabUrl")))];
  const versions = new Map<string, string | undefined>();
  const [texts, problems]: [string[], string[]] = [[], []];
  for (const url of urls) {
    waitFor(`an answer from ${url}`);
    try {
      const { version, text } = await ask(url, urls, env);
      versions.set(url, version);
      texts.push(`${url} answers, ${text}`);
    } catch (error) {
      if (!(error instanceof GitlabError)) throw error;
      problems.push(describeFailure(error));
    }
  }
  return problems.length > 0 ? failed(...problems) : passed(texts.join("; "), versions);
}

async function ask(url: string, urls: readonly string[], env: Env): Promise<Answer> {
  const given = env["GITLAB_TOKEN"] ?? "";
  const refusal = given === "" ? "GITLAB_TOKEN is not set" : whyTokenNotSent(env, url, urls);
  const token = refusal === undefined ? given : undefined;
  const client = new GitlabClient({ apiUrl: `${url}/api/v4`, token });
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

function describeFailure({ message, status }: GitlabError): string {
  const remedy =
    status === undefined
      ? `check \`gitlabUrl\` (${envOf("gitlabUrl")}), and DNS, firewall and certificates between this machine and GitLab`
      : `check \`gitlabUrl\` (${envOf("gitlabUrl")}) and what answers there`;
  return `${message}: ${remedy}`;
}
