import { string } from "./string";
import type { SettingType } from "../type";

/** Each character can match in only one way, so matching takes linear time. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]*-----END \1-----/g;

/** What a PEM string must contain. */
export type PemContent = "certificates" | "private key";

const RULES: Readonly<Record<PemContent, { readonly rule: string; readonly name: RegExp }>> = {
  certificates: {
    rule: "must be one or more PEM certificates (-----BEGIN CERTIFICATE-----)",
    name: /^CERTIFICATE$/,
  },
  "private key": {
    rule: "must be one PEM private key (-----BEGIN PRIVATE KEY-----)",
    name: /^(?:RSA |EC )?PRIVATE KEY$/,
  },
};

/**
 * Certificates or a key in PEM. This type checks only the format. The program that uses the
 * certificates or the key checks their content.
 * @param maxBytes the maximum length
 */
export function pem(content: PemContent, maxBytes: number): SettingType<string> {
  const { rule, name } = RULES[content];
  return string("PEM", (written) => {
    const { length } = written.trim();
    if (length > maxBytes) {
      return { problem: `must be at most ${maxBytes} bytes; it has ${length}` };
    }
    const blocks = [...written.matchAll(BLOCK)].map(([whole, kind = ""]) => ({ whole, kind }));
    const rest = blocks.reduce((left, { whole }) => left.replace(whole, ""), written);
    const allowed = blocks.every(({ kind }) => name.test(kind));
    if (blocks.length === 0 || !allowed || rest.includes("-----")) return { problem: rule };
    if (content === "private key" && blocks.length > 1) return { problem: rule };
    return { value: `${blocks.map(({ whole }) => whole.replaceAll("\r\n", "\n")).join("\n")}\n` };
  });
}
