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
export function rejectsLogin({ status, text }: Pick<RegistryAnswer, "status" | "text">): boolean {
  if (status === 403) return errorsOfRegistry.safeParse(parseJson(text)).success;
  return status === 401;
}
