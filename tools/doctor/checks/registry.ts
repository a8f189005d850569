import { buildRepository } from "../../../components/image/image-name";
import { getApiUrl } from "../../../components/image/registry-api";
import type { RegistrySettings } from "../../../stack/stack-settings";
import { failed, passed, skipped, warned, type Result } from "../outcome";
import { HttpError } from "../../../http/explain";
import { findRootCause } from "../../../http/fault";
import { findRegistryLogin, type RegistryLogin } from "../registry/find-login";
import { isPossiblyOfProxy, rejectsLogin } from "../../../components/registry/rejection";
import type { RegistryAnswer, RegistryTransport } from "../../../components/registry/transport";
import { tryPush, type PushVerdict } from "../registry/push";
import {
  LoginImpossible,
  LoginRejected,
  RegistrySession,
} from "../../../components/registry/session";
import type { WaitFor } from "../steps";

const NOTHING = undefined;

/** Checks that the registry answers, accepts the login, and allows a push. */
export async function checkRegistry(
  registry: RegistrySettings,
  transport: RegistryTransport,
  env: Readonly<Record<string, string | undefined>>,
  waitFor: WaitFor,
): Promise<Result<undefined>> {
  const { host } = registry;
  waitFor(`the login of ${host}`);
  const login = await findRegistryLogin(registry, env);
  const session = new RegistrySession(transport, login.credentials);
  const api = getApiUrl(registry);
  try {
    waitFor(`an answer from ${api.href}`);
    const answer = await session.send({ method: "GET", url: api });
    const problem = describeAnswer(answer, registry, login);
    if (problem !== undefined) return failed(problem);
    waitFor(`${host} to start and cancel an upload`);
    const repository = buildRepository(registry);
    const verdict = await tryPush(session, api, repository);
    return describePush(verdict, registry, login);
  } catch (error) {
    if (error instanceof LoginRejected) return failed(describeRejected(host, login));
    return describeError(error, registry);
  }
}

function describeAnswer(
  answer: RegistryAnswer,
  { host, plainHttp }: RegistrySettings,
  login: RegistryLogin,
): string | undefined {
  const { status } = answer;
  if (status === 200) return NOTHING;
  if (rejectsLogin(answer)) return describeRejected(host, login);
  if (isPossiblyOfProxy(answer))
    return `${host} or the proxy in HTTP_PROXY answered ${status}, as no registry does: check HTTP_PROXY and \`registry.address\`, or add the host to NO_PROXY`;
  const scheme = plainHttp ? ". If it uses TLS, write `registry.address` with https://" : "";
  return `${host} answered ${status}, as no registry does: check \`registry.address\`${scheme}`;
}

function describeRejected(host: string, { credentials, remedy, warnings }: RegistryLogin): string {
  const reason = warnings.length === 0 ? "" : ` (${warnings.join("; ")})`;
  return credentials === undefined
    ? `${host} requires a login, and there is none${reason}: ${remedy}`
    : `${host} rejects the login of user ${credentials.username}: ${remedy}`;
}

function describePush(
  verdict: PushVerdict,
  registry: RegistrySettings,
  { credentials, remedy }: RegistryLogin,
): Result<undefined> {
  const { host, plainHttp } = registry;
  const image = `${host}/${buildRepository(registry)}`;
  const who = credentials === undefined ? "anonymous clients" : `user ${credentials.username}`;
  const accepted =
    credentials === undefined
      ? "no login needed"
      : `login of user ${credentials.username} accepted`;
  const text = `${host} answers ${plainHttp ? "without" : "with"} TLS, ${accepted}, push to ${image} allowed`;
  switch (verdict.kind) {
    case "allowed":
      return passed(text);
    case "not cancelled":
      return warned(
        `${text}, but the registry did not cancel the upload (status ${verdict.status}) and discards it later`,
      );
    case "denied":
      return failed(
        credentials === undefined
          ? `${host} does not let ${who} push to ${image}: ${remedy}`
          : `${host} does not let ${who} push to ${image}: give the user the right to push, or check the path in \`registry.address\``,
      );
    case "no repository":
      return failed(
        `${host} has no repository ${buildRepository(registry)}: create it, or check the path in \`registry.address\``,
      );
    case "failed":
      return failed(
        `${host} answered ${verdict.status} to the start of a push to ${image}: check the log of the registry`,
      );
  }
}

function describeError(error: unknown, registry: RegistrySettings): Result<undefined> {
  if (error instanceof LoginImpossible) return warned(error.message);
  const { host } = registry;
  const explained = error instanceof HttpError ? explainFault(error, registry) : undefined;
  if (explained !== undefined) return explained;
  const reason = error instanceof Error ? error.message : String(error);
  return failed(
    `the registry ${host} cannot be reached (${reason}): check \`registry.address\`, and whether the registry runs`,
  );
}

/** Explains why a registry cannot be reached; returns undefined for a rare reason. */
function explainFault(
  error: HttpError,
  { host, plainHttp }: RegistrySettings,
): Result<undefined> | undefined {
  const { code } = findRootCause(error);
  switch (error.fault) {
    case "untrusted":
      return failed(
        `${error.reason}, nor does the docker provider, which reads the digest of the image that it pushes: add the certificate authority to those of this machine, or set SSL_CERT_FILE to a file with all that this machine needs; the engines need it too, in /etc/docker/certs.d/${host}/ca.crt`,
      );
    case "client certificate":
      return failed(
        `${error.reason}, but the docker provider cannot send one when it reads the digest of the image that it pushes: choose a registry that works without one`,
      );
    case "not TLS":
      return plainHttp
        ? undefined
        : failed(
            `${host} answers without TLS: write http:// in front of \`registry.address\`, and add the registry to \`insecure-registries\` of each Docker engine`,
          );
    case "unresolved":
      return failed(
        `this machine cannot resolve the name in ${host} (${code}): correct \`registry.address\`, or check the DNS`,
      );
    case "proxy not HTTP":
      return skipped(error.message);
    case "other name":
    case "expired":
    case "proxy away":
    case "proxy login":
    case "proxy refused":
      return failed(error.message);
    case "refused":
    case "timeout":
    case "other":
      return undefined;
  }
}
