import { MIN_SECRET_LENGTH, redactSecrets } from "../../contract/redact";
import type { RegistryAddress } from "../../contract/settings/types/registry-address";
import type { Credentials } from "../image/registry-credentials";
import { getApiUrl } from "../image/registry-api";
import { findRegistryWords } from "./registry-words";
import { rejectsLogin } from "./rejection";
import { LoginRejected, RegistrySession } from "./session";
import type { RegistryTransport } from "./transport";

/** What a registry says about a login. */
export type LoginVerdict =
  | { readonly kind: "accepted" }
  /** With the registry's words, such as `unauthorized: authentication required`. */
  | { readonly kind: "rejected"; readonly words: string }
  /** This machine cannot ask: only the engine needs to reach the registry and to trust it. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Tries a login at a registry, with the requests of `docker login`. */
export async function judgeLogin(
  registry: RegistryAddress,
  credentials: Credentials,
  transport: RegistryTransport,
): Promise<LoginVerdict> {
  try {
    const session = new RegistrySession(transport, credentials);
    const answer = await session.send({ method: "GET", url: getApiUrl(registry) });
    const { status, text } = answer;
    if (status === 200) return { kind: "accepted" };
    return answer.hadLogin && rejectsLogin(answer)
      ? { kind: "rejected", words: redact(findRegistryWords(status, text), credentials) }
      : { kind: "unknown", reason: `it answered ${status}` };
  } catch (error) {
    const reason = redact(error instanceof Error ? error.message : String(error), credentials);
    return error instanceof LoginRejected
      ? { kind: "rejected", words: reason }
      : { kind: "unknown", reason };
  }
}

/** Returns the words with which a registry rejects a login; undefined if it does not. */
export async function whyRejected(
  registry: RegistryAddress,
  credentials: Credentials,
  transport: RegistryTransport,
): Promise<string | undefined> {
  const verdict = await judgeLogin(registry, credentials, transport);
  return verdict.kind === "rejected" ? verdict.words : undefined;
}

/** A server may quote what the client sent. */
function redact(words: string, { password }: Credentials): string {
  return password.length < MIN_SECRET_LENGTH ? words : redactSecrets(words, [password]);
}
