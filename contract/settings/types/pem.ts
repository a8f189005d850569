import { string } from "./string";
import type { Parsed, SettingType } from "../type";

/** Each character can match in only one way, so matching takes linear time. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]*-----END \1-----/g;

/** What a PEM string must contain. */
export type PemContent = "certificates" | "private key";

interface PemRule {
  readonly rule: string;
  readonly name: RegExp;
  /** Blocks that users confuse with the right ones, and what to say about them. */
  readonly confused: readonly [name: RegExp, hint: string];
}

const RULES: Readonly<Record<PemContent, PemRule>> = {
  certificates: {
    rule: "must be one or more PEM certificates (-----BEGIN CERTIFICATE-----)",
    name: /^CERTIFICATE$/,
    confused: [/PRIVATE KEY$/, ", not a private key: set the key in `docker.hostKey`"],
  },
  "private key": {
    rule: "must be one PEM private key (-----BEGIN PRIVATE KEY-----)",
    name: /^(?:RSA |EC )?PRIVATE KEY$/,
    confused: [/^CERTIFICATE$/, ", not a certificate"],
  },
};

/**
 * Certificates or a key in PEM. This type checks only the format. The program that uses the
 * certificates or the key checks their content. A message never shows the value, which may be a
 * private key that was set instead of a certificate.
 * @param maxBytes the maximum length
 */
export function pem(content: PemContent, maxBytes: number): SettingType<string> {
  return { ...string("PEM", (written) => readPem(content, maxBytes, written)), isHidden: true };
}

function readPem(content: PemContent, maxBytes: number, written: string): Parsed<string> {
  const { rule, name, confused } = RULES[content];
  const { length } = written.trim();
  if (length > maxBytes) {
    return { problem: `must be at most ${maxBytes} bytes; it has ${length}` };
  }
  const blocks = [...written.matchAll(BLOCK)].map(([whole, kind = ""]) => ({ whole, kind }));
  const rest = blocks.reduce((left, { whole }) => left.replace(whole, ""), written);
  const wrong = blocks.filter(({ kind }) => !name.test(kind));
  const isRepeated = content === "private key" && blocks.length > 1;
  if (blocks.length === 0 || wrong.length > 0 || isRepeated || rest.includes("-----")) {
    const isConfused = wrong.some(({ kind }) => confused[0].test(kind));
    return { problem: `${rule}${isConfused ? confused[1] : ""}` };
  }
  return { value: `${blocks.map(({ whole }) => whole.replaceAll("\r\n", "\n")).join("\n")}\n` };
}
