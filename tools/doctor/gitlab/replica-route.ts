import { rootCertificates } from "node:tls";
import { listStrings } from "../../../contract/json";
import { listProxyVariables } from "../../../contract/proxy-variables";
import { HttpError, type Remedies } from "../../../http/explain";
import { createTransport } from "../../../http/transport";
import type { StackPool } from "../../../stack/stack-settings";
import { nameSetting, readArgument, readText } from "../pools";
import type { Verdict } from "../verdict";
import { readCertificates } from "./certificates";

/** How long GitLab may take to answer. */
const ANSWER_TIMEOUT_MS = 10_000;

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
  const send = createTransport({
    ...{ env, timeoutMs: ANSWER_TIMEOUT_MS, identity, remedies: listRemedies(pool) },
    trust: () => ({ authorities: rootCertificates, problems: [] }),
    authorities: caCertificate === undefined ? [] : [caCertificate],
  });
  try {
    const target = new URL(`${url}/api/v4/version`);
    await send({ method: "GET", url: target, headers: {}, body: undefined });
  } catch (error) {
    if (error instanceof HttpError) return judge(error);
    throw error;
  }
  const isSet = [caCertificate, identity].some((one) => one !== undefined);
  const what = [
    ...(Object.keys(env).length > 0 ? ["proxy"] : []),
    ...(isSet ? ["certificates"] : []),
  ].join(" and the ");
  return what === ""
    ? undefined
    : { kind: "passed", text: `also with the ${what} of the replicas` };
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
