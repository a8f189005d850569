import type { StackPool, StackSettings } from "../../../stack/stack-settings";
import { detectTokenKind } from "../../../contract/token";
import { connect } from "../../gitlab/connect";
import { whyTokenNotSent } from "../../gitlab/token-scope";
import { checkAccessToken } from "../gitlab/access-token";
import { readCertificates } from "../gitlab/certificates";
import { checkRunnerToken } from "../gitlab/runner-token";
import { listPools, nameInSentence, nameSetting, readArgument, readText } from "../pools";
import type { Result } from "../outcome";
import type { WaitFor } from "../steps";
import { combineVerdicts, type Verdict } from "../verdict";

/** Checks the token of each pool, or the access token that creates its runner. */
export async function checkTokens(
  settings: StackSettings,
  env: Readonly<Record<string, string | undefined>>,
  waitFor: WaitFor,
): Promise<Result<undefined>> {
  const urls = listPools(settings).map((pool) => readText(pool, "gitlabUrl"));
  const verdicts: Verdict[] = [];
  for (const pool of listPools(settings)) {
    waitFor(`${readText(pool, "gitlabUrl")} to check the token`);
    const { kind, text } = await judge(pool, urls, env);
    verdicts.push({ kind, text: `${nameInSentence(pool, settings)}${text}` });
  }
  return combineVerdicts(verdicts);
}

async function judge(
  pool: StackPool,
  urls: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Verdict> {
  const url = readText(pool, "gitlabUrl");
  const access = { apiUrl: `${url}/api/v4`, transport: connect(env, readCertificates(pool)) };
  if (readArgument(pool, "runnerScope") !== undefined) {
    const refusal = whyTokenNotSent(env, url, urls);
    return refusal === undefined
      ? checkAccessToken({ ...access, token: env["GITLAB_TOKEN"] ?? "" })
      : { kind: "warned", text: `GITLAB_TOKEN was not checked: ${refusal}` };
  }
  const token = readText(pool, "token");
  const kind = readText(pool, "tokenKind") || detectTokenKind(token);
  return kind === "registration"
    ? {
        kind: "skipped",
        text: "a registration token cannot be checked without registering a runner",
      }
    : checkRunnerToken({ ...access, token, setting: nameSetting(pool, "token") });
}
