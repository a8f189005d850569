import { isLoopback } from "../../contract/settings/types/registry-address";
import type { RegistryLogin } from "../../contract/settings/types/job-registries";
import { judgeLogin, type LoginVerdict } from "./check-login";
import type { RegistryTransport } from "./transport";

/** A login for the images of jobs. */
export interface JobLogin {
  /** The registry's host, as in `jobRegistries`. */
  readonly host: string;
  readonly login: RegistryLogin;
  /** The setting as the user wrote it. @example "`pools.big.jobRegistries`" */
  readonly setting: string;
}

/** Tries a login for the images of jobs. */
export function judgeJobLogin(
  { host, login }: JobLogin,
  transport: RegistryTransport,
): Promise<LoginVerdict> {
  return judgeLogin({ host, path: "", plainHttp: isLoopback(host) }, login, transport);
}

/** Describes a login that a registry rejects. @param words of the registry @param effect of it */
export function describeRejectedJobLogin(
  { host, login, setting }: JobLogin,
  words: string,
  effect: string,
): string {
  return `${host} rejects the login of user ${login.username} (${words}), so ${effect}: correct its username and password in ${setting}`;
}

/**
 * Tries the logins for the images of jobs, all at once. Only the nodes need to reach these
 * registries, so one that does not answer is not a problem.
 * @returns a message for each login that a registry rejects
 */
export async function findJobLoginProblems(
  logins: readonly JobLogin[],
  transport: RegistryTransport,
): Promise<readonly string[]> {
  const problems = logins.map(async (login) => {
    const verdict = await judgeJobLogin(login, transport);
    return verdict.kind === "rejected"
      ? [describeRejectedJobLogin(login, verdict.words, "nothing was changed")]
      : [];
  });
  // Pools that inherit the setting have the same problem.
  return [...new Set((await Promise.all(problems)).flat())];
}
