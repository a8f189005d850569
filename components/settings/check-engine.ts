import type { RuleInput } from "../../contract/settings/rules/rule";
import { parseEngineHost } from "../../contract/settings/types/engine-host";
import { isLoopback } from "../../contract/gitlab-url";

/**
 * Checks what only the program can tell about the engine: a replica outside a pool may share
 * its machine's network.
 */
export function checkEngine({ value, show }: Pick<RuleInput, "value" | "show">): readonly string[] {
  const host = value("docker.host");
  const engine = host === undefined ? undefined : parseEngineHost(host);
  return engine?.kind === "tcp" && isLoopbackHost(engine.host)
    ? [
        `${show("docker.host")} must not be a loopback address, which leads back to the replica: use the host name or address at which the swarm's nodes reach the engine, or unix:///PATH for a socket on the node`,
      ]
    : [];
}

function isLoopbackHost(host: string): boolean {
  return isLoopback(`http://${host.includes(":") ? `[${host}]` : host}`);
}
