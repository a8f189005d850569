import { MIN_SECRET_LENGTH, redactSecrets } from "../../contract/redact";
import type { RegistryAddress } from "../../contract/settings/types/registry-address";
import type { Credentials } from "../image/registry-credentials";
import { getApiUrl } from "../image/registry-api";
import { findRegistryWords } from "./registry-words";
import { LoginRejected, RegistrySession } from "./session";
import type { RegistryTransport } from "./transport";

/** The answers with which a registry rejects a login. */
const REJECTIONS: readonly number[] = [401, 403];

/**
 * Asks a registry whether it rejects a login, with the requests of `docker login`.
 * @returns the registry's words; undefined if it accepts the login, or if this machine cannot ask:
 *   only the engine needs to reach the registry and to trust its certificate
 */
export async function whyRejected(
  registry: RegistryAddress,
  credentials: Credentials,
  transport: RegistryTransport,
): Promise<string | undefined> {
  try {
    const session = new RegistrySession(transport, credentials);
    const { status, text } = await session.send({ method: "GET", url: getApiUrl(registry) });
    return REJECTIONS.includes(status)
      ? redact(findRegistryWords(status, text), credentials)
      : undefined;
  } catch (error) {
    return error instanceof LoginRejected ? redact(error.message, credentials) : undefined;
  }
}

/** A server may quote what the client sent. */
function redact(words: string, { password }: Credentials): string {
  return password.length < MIN_SECRET_LENGTH ? words : redactSecrets(words, [password]);
}
