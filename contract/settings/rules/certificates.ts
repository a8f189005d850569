import {
  describeIssuer,
  describeSubject,
  isIssuedLeaf,
  isSupportedKey,
  readCertificates,
  readPrivateKey,
} from "../../read-certificates";
import type { Rule } from "./rule";
import { listNames } from "./show";

/** The settings that hold certificates. */
const CERTIFICATE_KEYS = [
  "docker.hostCa",
  "docker.hostCert",
  "caCertificate",
  "clientCertificate",
] as const;

/** Certificates, and the settings with their private keys. */
const PAIRS = [
  ["docker.hostCert", "docker.hostKey"],
  ["clientCertificate", "clientKey"],
] as const;

/** The settings that apply only to a GitLab with https. */
const GITLAB_KEYS = ["caCertificate", "clientCertificate", "clientKey"] as const;

/** A certificate must be one. Its content may be damaged even if its format is right. */
const checkCertificates: Rule = ({ value, name }) => {
  const broken = CERTIFICATE_KEYS.filter((key) => readCertificates(value(key) ?? "") === undefined);
  return { problems: broken.map((key) => describeBroken(name(key), "certificate")) };
};

/** A private key must be one, of a kind that gitlab-runner supports, and fit its certificate. */
const checkPrivateKeys: Rule = ({ value, name }) => ({
  problems: PAIRS.flatMap(([certificateKey, keyKey]) => {
    const pem = value(keyKey);
    if (pem === undefined) return [];
    const key = readPrivateKey(pem);
    if (key === undefined) return [describeBroken(name(keyKey), "private key")];
    if (!isSupportedKey(key)) {
      return [
        `${name(keyKey)} must be a key that gitlab-runner supports: set an RSA key, an EC key on a NIST curve, or an Ed25519 key`,
      ];
    }
    const [own] = readCertificates(value(certificateKey) ?? "") ?? [];
    if (own === undefined || own.checkPrivateKey(key)) return [];
    return [
      `${name(keyKey)} is not the key of the first certificate in ${name(certificateKey)}: set a certificate and the key that it was issued for`,
    ];
  }),
});

/** A client needs both to prove who it is. */
const requireBoth: Rule = ({ isSet, name }) => {
  const keys = ["clientCertificate", "clientKey"] as const;
  const [missing] = keys.filter((key) => !isSet(key));
  const [given, other] = keys.filter((key) => isSet(key));
  if (given === undefined || other !== undefined || missing === undefined) return {};
  return { problems: [`${name(given)} needs ${name(missing)}: set both or neither`] };
};

/** Without TLS, certificates have no effect. The user expects a security that is not there. */
const requireHttps: Rule = ({ value, isSet, show, name }) => {
  const url = value("gitlabUrl");
  const given = GITLAB_KEYS.filter((key) => isSet(key));
  if (url === undefined || url.startsWith("https:") || given.length === 0) return {};
  const [need, them] = given.length === 1 ? ["needs", "it"] : ["need", "them"];
  return {
    problems: [
      `${listNames(given, name)} ${need} a GitLab with https, but ${show("gitlabUrl")} has http: set the https address of GitLab, or unset ${them}`,
    ],
  };
};

/** A server's certificate instead of its CA works only until the server gets a new certificate. */
const warnOfLeaf: Rule = ({ value, name }) => {
  const certificates = readCertificates(value("caCertificate") ?? "") ?? [];
  const [first] = certificates;
  if (first === undefined || !certificates.every(isIssuedLeaf)) return {};
  return {
    warnings: [
      `${name("caCertificate")} contains the certificate of a server (${describeSubject(first)}), not of a CA, so the replicas lose their connection once GitLab's certificate is renewed: set the certificate of the CA that issued it (${describeIssuer(first)})`,
    ],
  };
};

function describeBroken(setting: string, what: string): string {
  return `${setting} is PEM, but its content is not a valid ${what}: copy the whole file again`;
}

/** Rules about certificates and their keys. */
export const CERTIFICATE_RULES: readonly Rule[] = [
  checkCertificates,
  checkPrivateKeys,
  requireBoth,
  requireHttps,
  warnOfLeaf,
];
