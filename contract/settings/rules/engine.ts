import { parseEngineHost } from "../types/engine-host";
import type { Rule } from "./rule";
import { listNames } from "./show";

/** What a connection with TLS needs. */
const TLS_KEYS = ["docker.hostCa", "docker.hostCert", "docker.hostKey"] as const;

/**
 * An engine on TCP needs certificates of both sides. Whoever can use an engine is root on its
 * machine, so an engine without them is open to everybody who reaches its port.
 */
const requireTls: Rule = ({ value, isSet, show, name }) => {
  // Another rule rejects settings of another executor.
  if (value("executor") !== "docker") return {};
  const host = value("docker.host");
  const missing = TLS_KEYS.filter((key) => !isSet(key));
  const given = TLS_KEYS.filter((key) => isSet(key));
  if (host !== undefined && parseEngineHost(host).kind === "tcp") {
    if (missing.length === 0) return {};
    return {
      problems: [
        `${show("docker.host")} needs ${listNames(missing, name)}: without certificates of both sides, everybody who reaches the engine's port is root on its machine`,
      ],
    };
  }
  if (given.length === 0) return {};
  const instead = isSet("docker.host") ? `, not ${show("docker.host")}` : "";
  return {
    problems: [
      `${listNames(given, name)} ${given.length === 1 ? "needs" : "need"} ${name("docker.host")} with tcp://HOST:PORT${instead}: unset ${given.length === 1 ? "it" : "them"}, or set ${name("docker.host")}`,
    ],
  };
};

/** Rules about the engine that runs the jobs. */
export const ENGINE_RULES: readonly Rule[] = [requireTls];
