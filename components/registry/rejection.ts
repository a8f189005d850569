import * as z from "zod/mini";
import { parseJson } from "../../contract/json";
import type { RegistryAnswer } from "./transport";

const errorsOfRegistry = z.object({
  errors: z.array(z.object({ code: z.string().check(z.minLength(1)) })).check(z.minLength(1)),
});

/**
 * Whether an answer to a login rejects it. Firewalls and proxies also answer 403, so a 403 counts
 * only with an error in the format of the registry API. A 400 says nothing about the password.
 */
export function rejectsLogin(answer: RegistryAnswer): boolean {
  if (answer.status === 403) return hasErrors(answer);
  return answer.status === 401 && !isPossiblyOfProxy(answer);
}

/**
 * Whether a proxy may have sent an answer instead of the registry. Without TLS, tinyproxy answers
 * 401 itself if the user or the password in HTTP_PROXY is wrong.
 */
export function isPossiblyOfProxy(answer: RegistryAnswer): boolean {
  const { isForwarded = false, header } = answer;
  const isOfRegistry = header("docker-distribution-api-version") !== undefined || hasErrors(answer);
  return isForwarded && !isOfRegistry;
}

function hasErrors({ text }: RegistryAnswer): boolean {
  return errorsOfRegistry.safeParse(parseJson(text)).success;
}
