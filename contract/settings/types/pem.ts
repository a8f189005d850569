import { isPath } from "../../likely-mistakes";
import { string } from "./string";
import type { Parsed, SettingType } from "../type";

/** Each character can match in only one way, so matching takes linear time. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]*-----END \1-----/g;

/** The first line of each block, also of one that is not complete. */
const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;

/** A key with a passphrase. */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4, *ENCRYPTED/m;

/** What a PEM string must contain. */
export type PemContent = "certificates" | "private key";

interface PemRule {
  readonly rule: string;
  readonly name: RegExp;
  /** Blocks that users confuse with the right ones. */
  readonly confused: RegExp;
  /** What to say about such a block. */
  readonly hint: string;
  /** How to convert a file that is not PEM. */
  readonly conversion: string;
  /** What to do if the value is too long. */
  readonly remedy: string;
}

const RULES: Readonly<Record<PemContent, PemRule>> = {
  certificates: {
    rule: "must be one or more PEM certificates (-----BEGIN CERTIFICATE-----)",
    name: /^CERTIFICATE$/,
    confused: /PRIVATE KEY$/,
    hint: "not a private key",
    conversion:
      "convert DER with `openssl x509 -inform der -in FILE`, and PKCS#12 with `openssl pkcs12 -nodes -nokeys -in FILE`",
    remedy: "remove comments, and certificates that the other side does not need",
  },
  "private key": {
    rule: "must be one PEM private key (-----BEGIN PRIVATE KEY-----)",
    name: /^(?:RSA |EC )?PRIVATE KEY$/,
    confused: /^CERTIFICATE$/,
    hint: "not a certificate",
    conversion:
      "convert DER with `openssl pkey -inform der -in FILE`, and PKCS#12 with `openssl pkcs12 -nodes -nocerts -in FILE`",
    remedy: "remove everything but the key",
  },
};

/**
 * Certificates or a key in PEM. In code and in stack config, `@PATH` stands for the content of a
 * file, which the program reads. This type checks only the format. Rules check the content. A
 * message never shows the value, which may be a private key that was set instead of a certificate.
 * @param maxBytes the maximum length
 * @param counterpart the setting for what users set here by mistake: the key that belongs to the
 * certificate, or the certificate that belongs to the key
 */
export function pem(
  content: PemContent,
  maxBytes: number,
  counterpart?: string,
): SettingType<string> {
  return {
    ...string("PEM or `@PATH`", (written) => readPem(content, maxBytes, counterpart, written)),
    isHidden: true,
    namesFile: { maxBytes, conversion: RULES[content].conversion },
    ...(content === "certificates" && { mayBeSecret: true }),
  };
}

function readPem(
  content: PemContent,
  maxBytes: number,
  counterpart: string | undefined,
  written: string,
): Parsed<string> {
  const bytes = Buffer.byteLength(written.trim());
  if (bytes > maxBytes) {
    const { remedy } = RULES[content];
    return { problem: `must be at most ${maxBytes} bytes; it has ${bytes}: ${remedy}` };
  }
  const all = [...written.matchAll(BLOCK)].map(([whole, kind = ""]) => ({ whole, kind }));
  const rest = all.reduce((left, { whole }) => left.replace(whole, ""), written);
  // `openssl ecparam -genkey` writes the name of the curve in front of the key, which has it, too.
  const blocks =
    content === "private key" ? all.filter(({ kind }) => kind !== "EC PARAMETERS") : all;
  const isWrong = blocks.some(({ kind }) => !RULES[content].name.test(kind));
  const isRepeated = content === "private key" && blocks.length > 1;
  if (blocks.length === 0 || isWrong || isRepeated || rest.includes("-----")) {
    return { problem: describeProblem(content, counterpart, written) };
  }
  return { value: `${blocks.map(({ whole }) => whole.replaceAll("\r\n", "\n")).join("\n")}\n` };
}

function describeProblem(
  content: PemContent,
  counterpart: string | undefined,
  written: string,
): string {
  const { rule, confused, hint } = RULES[content];
  if (content === "private key" && ENCRYPTED.test(written)) {
    return `${rule} without a passphrase: write such a key with \`openssl pkey -in KEY -out NEW\``;
  }
  const kinds = [...written.matchAll(BEGIN)].map(([, kind = ""]) => kind);
  if (kinds.some((kind) => confused.test(kind))) {
    const advice = counterpart === undefined ? "" : `: set it in \`${counterpart}\``;
    return `${rule}, ${hint}${advice}`;
  }
  return isPath(written) || isBareName(written) ? `${rule}, or a path with @ in front` : rule;
}

/** Whether a value may be the name of a file: it is one line, and no part of a PEM. */
function isBareName(text: string): boolean {
  return /^[^\r\n]+$/.test(text.trim()) && !text.includes("-----");
}
