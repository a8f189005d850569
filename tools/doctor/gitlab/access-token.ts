import * as z from "zod/mini";
import { GitlabClient, type GitlabAccess } from "../../gitlab/client";
import { GitlabError, isGitlabStatus } from "../../gitlab/errors";
import { retrying } from "../../gitlab/retrying";
import type { Verdict } from "../verdict";

/** How long temporary errors of GitLab are retried. */
const RETRY_MS = 15_000;

/** The scopes with which GITLAB_TOKEN can create, change and delete a runner. */
const RUNNER_SCOPES = ["create_runner", "manage_runner"];

const tokenSchema = z.object({ scopes: z.array(z.string()) });

/** Checks the scopes of the access token that creates a pool's runner. Creates nothing. */
export async function checkAccessToken(
  access: GitlabAccess & { readonly token: string },
): Promise<Verdict> {
  const client = new GitlabClient(access);
  try {
    const { scopes } = await retrying(RETRY_MS, () =>
      client.call("/personal_access_tokens/self", tokenSchema),
    );
    return judgeScopes(scopes);
  } catch (error) {
    if (!(error instanceof GitlabError)) throw error;
    if (isGitlabStatus(error, 401)) return REJECTED;
    return isGitlabStatus(error, 403, 404)
      ? { kind: "warned", text: "GitLab does not show the scopes of GITLAB_TOKEN" }
      : {
          kind: "failed",
          text: `GITLAB_TOKEN cannot be checked (${error.message}): run the command again when GitLab accepts requests`,
        };
  }
}

const REJECTED = {
  kind: "failed",
  text: "GitLab rejects GITLAB_TOKEN: it has expired or was revoked: set it to a valid access token with the scopes create_runner and manage_runner, or api",
} as const;

/** Judges the scopes of a token. */
function judgeScopes(scopes: readonly string[]): Verdict {
  const missing = scopes.includes("api")
    ? []
    : RUNNER_SCOPES.filter((scope) => !scopes.includes(scope));
  return missing.length === 0
    ? { kind: "passed", text: "GITLAB_TOKEN has the scopes that `runnerScope` needs" }
    : {
        kind: "failed",
        text: `GITLAB_TOKEN lacks ${missing.length > 1 ? "the scopes" : "the scope"} ${missing.join(" and ")}, which \`runnerScope\` needs: create an access token with the scopes create_runner and manage_runner, or api`,
      };
}
