import type { X509Certificate } from "node:crypto";
import { describeSubject, readCertificates } from "../../contract/read-certificates";
import type { RuleFindings, RuleInput } from "../../contract/settings/rules/rule";

/** The settings with certificates, and which of their certificates must be valid now. */
const SETTINGS = [
  // The others may belong to servers that are not in use.
  ["docker.hostCa", "one of them"],
  ["docker.hostCert", "the first"],
  ["caCertificate", "one of them"],
  ["clientCertificate", "the first"],
] as const;

const DAY_MS = 86_400_000;

/** How long before the end of a certificate to warn. */
const WARNING_MS = 30 * DAY_MS;

/**
 * Checks the dates of certificates. Only the program does so: a replica must not exit because a
 * certificate expires while it waits.
 */
export function checkCertificateDates(
  { value, name }: Pick<RuleInput, "value" | "name">,
  nowMs: number,
): RuleFindings {
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const [key, needed] of SETTINGS) {
    const certificates = readCertificates(value(key) ?? "") ?? [];
    const required = needed === "the first" ? certificates.slice(0, 1) : certificates;
    const invalid = required.map((one) => describeInvalid(one, nowMs));
    if (required.length > 0 && invalid.every((text) => text !== undefined)) {
      problems.push(`${name(key)}: ${invalid.at(-1) ?? ""}: set a valid certificate`);
      continue;
    }
    for (const one of certificates) {
      const text = describeInvalid(one, nowMs) ?? describeEnd(one, nowMs);
      if (text !== undefined) warnings.push(`${name(key)}: ${text}: replace it`);
    }
  }
  return { problems, warnings };
}

function describeInvalid(certificate: X509Certificate, nowMs: number): string | undefined {
  const { validFrom, validTo } = certificate;
  if (Date.parse(validTo) < nowMs) {
    return `${describe(certificate)} expired on ${toDate(validTo)}`;
  }
  return Date.parse(validFrom) > nowMs
    ? `${describe(certificate)} is not valid before ${toDate(validFrom)}`
    : undefined;
}

function describeEnd(certificate: X509Certificate, nowMs: number): string | undefined {
  const leftMs = Date.parse(certificate.validTo) - nowMs;
  if (leftMs > WARNING_MS) return undefined;
  const days = Math.floor(leftMs / DAY_MS);
  return `${describe(certificate)} expires on ${toDate(certificate.validTo)}, in ${days} ${days === 1 ? "day" : "days"}`;
}

function describe(certificate: X509Certificate): string {
  return `the certificate of ${describeSubject(certificate)}`;
}

function toDate(text: string): string {
  return new Date(text).toISOString().slice(0, 10);
}
