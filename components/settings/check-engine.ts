import { readCertificates } from "../../contract/settings/rules/engine";
import type { RuleInput } from "../../contract/settings/rules/rule";
import { parseEngineHost } from "../../contract/settings/types/engine-host";
import { isLoopback } from "../../contract/gitlab-url";

/**
 * Checks what only the program can tell about the engine: a replica outside a pool may share
 * its machine's network, and must not exit because a certificate expires while it waits.
 */
export function checkEngine(
  { value, show, name }: Pick<RuleInput, "value" | "show" | "name">,
  nowMs: number,
): readonly string[] {
  const host = value("docker.host");
  const engine = host === undefined ? undefined : parseEngineHost(host);
  const problems: string[] = [];
  if (engine?.kind === "tcp" && isLoopbackHost(engine.host)) {
    problems.push(
      `${show("docker.host")} must not be a loopback address, which leads back to the replica: use the host name or address at which the swarm's nodes reach the engine, or unix:///PATH for a socket on the node`,
    );
  }
  for (const key of ["docker.hostCa", "docker.hostCert"] as const) {
    const certificates = readCertificates(value(key) ?? "") ?? [];
    const last = Math.max(...certificates.map(({ validTo }) => Date.parse(validTo)));
    const end = key === "docker.hostCert" ? Date.parse(certificates[0]?.validTo ?? "") : last;
    if (end < nowMs && certificates.length > 0) {
      problems.push(
        `${name(key)} expired on ${new Date(end).toISOString().slice(0, 10)}: set a valid certificate`,
      );
    }
  }
  return problems;
}

function isLoopbackHost(host: string): boolean {
  return isLoopback(`http://${host.includes(":") ? `[${host}]` : host}`);
}
