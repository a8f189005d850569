import { judgeLogin } from "../../../components/registry/check-login";
import type { RegistryTransport } from "../../../components/registry/transport";
import { isObject } from "../../../contract/json";
import {
  jobRegistries,
  type JobRegistries,
  type RegistryLogin,
} from "../../../contract/settings/types/job-registries";
import { isLoopback } from "../../../contract/settings/types/registry-address";
import type { StackPool, StackSettings } from "../../../stack/stack-settings";
import type { Result } from "../outcome";
import { listPools, nameInSentence, nameSetting, readArgument } from "../pools";
import type { WaitFor } from "../steps";
import { combineVerdicts, type Verdict } from "../verdict";

const KEY = "jobRegistries";

/** Whether a pool has logins for the images of jobs. */
export function hasJobRegistries(settings: StackSettings): boolean {
  return listPools(settings).some((pool) => readRegistries(pool) !== undefined);
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
    for (const [host, login] of Object.entries(readRegistries(pool) ?? {})) {
      waitFor(`an answer from ${host}`);
      const { kind, text } = await judge(host, login, transport, nameSetting(pool, KEY));
      verdicts.push({ kind, text: `${nameInSentence(pool, settings)}${text}` });
    }
  }
  return combineVerdicts(verdicts);
}

async function judge(
  host: string,
  login: RegistryLogin,
  transport: RegistryTransport,
  name: string,
): Promise<Verdict> {
  const registry = { host, path: "", plainHttp: isLoopback(host) };
  const verdict = await judgeLogin(registry, login, transport);
  switch (verdict.kind) {
    case "accepted":
      return { kind: "passed", text: `${host} accepts the login` };
    case "rejected":
      return {
        kind: "failed",
        text: `${host} rejects the login of user ${login.username} (${verdict.words}), so jobs with images from there will fail: correct its username and password in ${name}`,
      };
    case "unknown":
      return {
        kind: "warned",
        text: `the login of ${host} was not checked (${verdict.reason}): check that the nodes reach it`,
      };
  }
}

function readRegistries(pool: StackPool): JobRegistries | undefined {
  const value = readArgument(pool, KEY);
  const parsed = isObject(value) ? jobRegistries.parse(value) : undefined;
  return parsed !== undefined && "value" in parsed ? parsed.value : undefined;
}
