import { rootCertificates } from "node:tls";
import * as z from "zod/mini";
import { listStrings, parseJson } from "../../../contract/json";
import { findProxy } from "../../../contract/proxy/find-proxy";
import { listProxyVariables } from "../../../contract/proxy-variables";
import type { HttpAnswer } from "../../../gitlab-api/call";
import { HttpError, type Remedies } from "../../../http/explain";
import { formatProxy } from "../../../http/proxy-error";
import { createTransport } from "../../../http/transport";
import type { StackPool } from "../../../stack/stack-settings";
import { nameSetting, readArgument, readText } from "../pools";
import type { Verdict } from "../verdict";
import { readCertificates } from "./certificates";

/** How long GitLab may take to answer. */
const ANSWER_TIMEOUT_MS = 10_000;

/** GitLab's answers to a question about its version: the version, or one of two forms of errors. */
const answersOfGitlab = z.union([
  z.object({ version: z.string() }),
  z.object({ message: z.unknown() }),
  z.object({ error: z.unknown() }),
]);

/**
 * Asks GitLab as the replicas of a pool do: with the proxy and the certificates of the stack, and
 * without those of this machine. Only the network is that of this machine.
 * @returns undefined if the replicas need neither a proxy nor TLS
 */
export async function checkReplicaRoute(
  pool: StackPool,
  url: string,
): Promise<Verdict | undefined> {
  const env = readProxyVariables(pool);
  if (url.startsWith("http:") && Object.keys(env).length === 0) return undefined;
  const { caCertificate, clientCertificate, clientKey } = readCertificates(pool);
  const identity =
    clientCertificate === undefined || clientKey === undefined
      ? undefined
      : { certificate: clientCertificate, key: clientKey };
  const remedies = listRemedies(pool);
  const send = createTransport({
    ...{ env, timeoutMs: ANSWER_TIMEOUT_MS, identity, remedies },
    trust: () => ({ authorities: rootCertificates, problems: [] }),
    authorities: caCertificate === undefined ? [] : [caCertificate],
  });
  const target = new URL(`${url}/api/v4/version`);
  const proxy = findProxy(target, env);
  try {
    const answer = await send({ method: "GET", url: target, headers: {}, body: undefined });
    if (proxy !== undefined) requireGitlab(answer, target, proxy, remedies);
  } catch (error) {
    if (error instanceof HttpError) return judge(error);
    throw error;
  }
  const isSet = [caCertificate, identity].some((one) => one !== undefined);
  const what = [...(proxy === undefined ? [] : ["proxy"]), ...(isSet ? ["certificates"] : [])].join(
    " and the ",
  );
  return what === ""
    ? undefined
    : { kind: "passed", text: `also with the ${what} of the replicas` };
}

/**
 * A proxy answers requests without TLS itself: with 401 if it rejects the login, as tinyproxy does,
 * or with a page.
 * @throws {HttpError} if an answer through a proxy is not from GitLab
 */
function requireGitlab(
  { status, reason, text }: HttpAnswer,
  target: URL,
  proxy: URL,
  remedies: Remedies,
): void {
  if (answersOfGitlab.safeParse(parseJson(text)).success) return;
  const isLogin = status === 401 && target.protocol === "http:";
  const fault = isLogin ? "proxy login" : "proxy refused";
  const what = `the answer through proxy ${formatProxy(proxy)} is not from GitLab`;
  const line = `${what}: ${`${status} ${reason}`.trim()}`;
  throw new HttpError(fault, line, remedies[fault] ?? "", undefined);
}

/** The variables of the proxy that replicas get. */
function readProxyVariables(pool: StackPool): Readonly<Record<string, string>> {
  const read = (key: string) => readText(pool, key) || undefined;
  const noProxy = listStrings(readArgument(pool, "proxy.noProxy"));
  const settings = { http: read("proxy.http"), https: read("proxy.https"), noProxy };
  return Object.fromEntries(listProxyVariables(settings));
}

function listRemedies(pool: StackPool): Remedies {
  const proxy = [nameSetting(pool, "proxy.http"), nameSetting(pool, "proxy.https")].join(" and ");
  return {
    untrusted: `set ${nameSetting(pool, "caCertificate")} to its certificate authority, or add that to your own \`baseImage\``,
    "client certificate": `check ${nameSetting(pool, "clientCertificate")} and ${nameSetting(pool, "clientKey")}`,
    "proxy login": `correct the user and the password in ${proxy}`,
    "proxy away": `check ${proxy}`,
    "proxy refused": `allow the connection on the proxy, or add the host to ${nameSetting(pool, "proxy.noProxy")}`,
  };
}

/** Only faults that do not depend on the network of this machine are certain. */
function judge({ fault, message }: HttpError): Verdict {
  const isCertain = ["client certificate", "proxy login"].includes(fault);
  const text = `with the proxy and the certificates of the replicas, this machine cannot reach GitLab: ${message}`;
  return isCertain
    ? { kind: "failed", text }
    : { kind: "warned", text: `${text}; the network of the nodes may differ` };
}
