import { createPrivateKey, X509Certificate } from "node:crypto";
import { parseEngineHost } from "../types/engine-host";
import type { Rule, RuleInput } from "./rule";

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

/** A certificate must be one, and have its own key. */
const checkCertificates: Rule = ({ value, name }) => {
  const certificates = (["docker.hostCa", "docker.hostCert"] as const).filter((key) => {
    const text = value(key);
    return text !== undefined && readCertificates(text) === undefined;
  });
  const key = value("docker.hostKey");
  const isKey = key === undefined || readKey(key) !== undefined;
  const broken = [...certificates, ...(isKey ? [] : (["docker.hostKey"] as const))];
  if (broken.length > 0) {
    const problems = broken.map(
      (setting) =>
        `${name(setting)} is PEM, but its content is not a valid ${setting === "docker.hostKey" ? "private key" : "certificate"}: copy the whole file again`,
    );
    return { problems };
  }
  return checkPair({ value, name });
};

function checkPair({ value, name }: Pick<RuleInput, "value" | "name">): ReturnType<Rule> {
  const [own] = readCertificates(value("docker.hostCert") ?? "") ?? [];
  const key = readKey(value("docker.hostKey") ?? "");
  if (own === undefined || key === undefined || own.checkPrivateKey(key)) return {};
  return {
    problems: [
      `${name("docker.hostKey")} is not the key of the first certificate in ${name("docker.hostCert")}: set a certificate and the key that it was issued for`,
    ],
  };
}

/** Reads certificates in PEM. @returns undefined if one of them is invalid */
export function readCertificates(pem: string): readonly X509Certificate[] | undefined {
  try {
    return pem
      .split(/(?<=-----END CERTIFICATE-----)/)
      .filter((text) => text.trim() !== "")
      .map((text) => new X509Certificate(text));
  } catch {
    return undefined;
  }
}

function readKey(pem: string): ReturnType<typeof createPrivateKey> | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function listNames(keys: readonly (typeof TLS_KEYS)[number][], name: RuleInput["name"]): string {
  const names = keys.map(name);
  return [names.slice(0, -1).join(", "), names.at(-1)].filter((text) => text !== "").join(" and ");
}

/** Rules about the engine that runs the jobs. */
export const ENGINE_RULES: readonly Rule[] = [requireTls, checkCertificates];
