import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { toPlainLine } from "./plain-text";
import { showText } from "./show-value";

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

/** Reads a private key in PEM. @returns undefined if it is invalid */
export function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** The kinds of keys that Go's TLS accepts, and so gitlab-runner. */
const KEY_TYPES: readonly (string | undefined)[] = ["rsa", "ec", "ed25519"];

/** The curves of such keys. */
const CURVES: readonly (string | undefined)[] = [
  "secp224r1",
  "prime256v1",
  "secp384r1",
  "secp521r1",
];

/** Whether gitlab-runner can use a private key. */
export function isSupportedKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  const isCurveKnown =
    asymmetricKeyType !== "ec" || CURVES.includes(asymmetricKeyDetails?.namedCurve);
  return KEY_TYPES.includes(asymmetricKeyType) && isCurveKnown;
}

/** Whether a certificate only proves the identity of its owner, and another CA issued it. */
export function isIssuedLeaf(certificate: X509Certificate): boolean {
  return !certificate.ca && certificate.subject !== certificate.issuer;
}

/** Names a certificate by its subject, such as `CN=Example CA, O=Example`, for a message. */
export function describeSubject({ subject, serialNumber }: X509Certificate): string {
  return describeName(subject, `serial number ${serialNumber}`);
}

/** Names the issuer of a certificate for a message. */
export function describeIssuer({ issuer }: X509Certificate): string {
  return describeName(issuer, "no name");
}

/** @param name its parts are on separate lines; undefined or empty if the certificate has none */
function describeName(name: string | undefined, otherwise: string): string {
  const parts = (name ?? "").split("\n").filter((part) => part !== "");
  // The most specific part is the last one.
  return parts.length === 0 ? otherwise : showText(toPlainLine(parts.reverse().join(", ")));
}
