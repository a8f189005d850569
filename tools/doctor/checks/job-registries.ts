import {
  describeRejectedJobLogin,
  judgeJobLogin,
  type JobLogin,
} from "../../../components/registry/job-logins";
import type { RegistryTransport } from "../../../components/registry/transport";
import { listJobLogins } from "../../../stack/job-logins";
import type { StackSettings } from "../../../stack/stack-settings";
import type { Result } from "../outcome";
import { listPools, nameInSentence } from "../pools";
import type { WaitFor } from "../steps";
import { combineVerdicts, type Verdict } from "../verdict";

/** Whether a pool has logins for the images of jobs. */
export function hasJobRegistries(settings: StackSettings): boolean {
  return listPools(settings).some((pool) => listJobLogins(pool).length > 0);
}

/**
 * Tries each login of `jobRegistries`. Only the nodes need to reach these registries, so one that
 * does not answer this machine is only worth a warning.
 */
export async function checkJobRegistries(
  settings: StackSettings,
  transport: RegistryTransport,
  waitFor: WaitFor,
): Promise<Result<undefined>> {
  const verdicts: Verdict[] = [];
  for (const pool of listPools(settings)) {
    for (const login of listJobLogins(pool)) {
      waitFor(`an answer from ${login.host}`);
      const { kind, text } = await judge(login, transport);
      verdicts.push({ kind, text: `${nameInSentence(pool, settings)}${text}` });
    }
  }
  return combineVerdicts(verdicts);
}

async function judge(login: JobLogin, transport: RegistryTransport): Promise<Verdict> {
  const { host } = login;
  const verdict = await judgeJobLogin(login, transport);
  switch (verdict.kind) {
    case "accepted":
      return { kind: "passed", text: `${host} accepts the login` };
    case "rejected": {
      const effect = "jobs with images from there will fail";
      return { kind: "failed", text: describeRejectedJobLogin(login, verdict.words, effect) };
    }
    case "unknown":
      return {
        kind: "warned",
        text: `the login of ${host} was not checked (${verdict.reason}): check that the nodes reach it`,
      };
  }
}
