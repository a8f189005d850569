import { isIPv6 } from "node:net";
import { MASK } from "../../redact";
import type { Parsed, SettingType } from "../type";
import { isPlainAddress } from "./plain-address";
import { string } from "./string";

const RULE =
  "must be a URL that starts with http:// or https://, such as http://proxy.example.com:3128";

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: "80", https: "443" };

/** The URL of a proxy without its scheme: a user, a host, a port, and nothing after them. */
const PARTS =
  /^(?:(?<login>.*)@)?(?<host>\[[^\]]*\]|[^:/?#@[\]]*)(?::(?<port>[^/?#]*))?(?<rest>.*)$/s;

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?";
const HOST = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);

/** Characters that Go, curl and Git accept in a user and a password without percent-encoding. */
const LOGIN = /^(?:[\w.~!$&'()*+,;=:-]|%[0-9a-fA-F]{2})*$/;

/**
 * URL of a forward proxy, with a port: without one, gitlab-runner and curl would use different
 * ports. A URL with a user is secret. The user and the password are percent-encoded.
 */
export const proxyUrl: SettingType<string> = {
  ...string("URL", parseUrl),
  // A value with a user is not a plain address, and an invalid one may contain a password.
  isSecret: (text) => !isPlainAddress(text),
  // Clients send `USER:PASSWORD` in Base64.
  secretParts: (text) => {
    const [, encoded = ""] = /^\w+:\/\/(.*)@/.exec(text) ?? [];
    const logins = [encoded, decodeURIComponent(encoded)];
    const parts = logins.flatMap((login) => [login, login.slice(login.indexOf(":") + 1)]);
    return [...new Set([text, ...parts])].filter((part) => part !== "");
  },
};

/** Removes the user and the password from a proxy's URL, for a message. */
export function withoutLogin(url: string): string {
  return url.replace(/^(\w+:\/\/).*@/, "$1");
}

function parseUrl(written: string): Parsed<string> {
  const [, scheme, rest = ""] = /^(?:([a-z][\w+.-]*):\/\/)?(.*)$/is.exec(written.trim()) ?? [];
  if (scheme === undefined) return { problem: explainMissingScheme(rest) };
  if (!/^https?$/i.test(scheme)) return { problem: RULE };
  return parseRest(scheme.toLowerCase(), rest);
}

/** The corrected value has no user, because that may be a secret. */
function explainMissingScheme(text: string): string {
  const { host, port, login } = PARTS.exec(text)?.groups ?? {};
  const address = `${host ?? ""}${port === undefined ? "" : `:${port}`}`;
  // A port, `true` or a mistyped scheme is not a host.
  const isAddress = port !== undefined || /[.[]/.test(host ?? "");
  if (!isAddress || "problem" in parseRest("http", address)) return RULE;
  return `${RULE}: write http://${login === undefined ? "" : `${MASK}@`}${address}`;
}

function parseRest(scheme: string, text: string): Parsed<string> {
  const { login, host = "", port, rest = "" } = PARTS.exec(text)?.groups ?? {};
  if (login === undefined && isIPv6(text.replace(/\/$/, ""))) {
    return {
      problem: "must have an IPv6 address in brackets, such as http://[fd00::1]:3128",
    };
  }
  const problem =
    (login === undefined ? undefined : checkLogin(login)) ?? checkHost(host) ?? checkPort(port);
  if (problem !== undefined) return { problem };
  if (rest !== "" && rest !== "/") {
    return {
      problem: "must end after the host and the port: remove the path, the query and the fragment",
    };
  }
  const user = login === undefined ? "" : `${login}@`;
  return { value: `${scheme}://${user}${host}:${port ?? DEFAULT_PORTS[scheme] ?? ""}` };
}

function checkLogin(login: string): string | undefined {
  if (!LOGIN.test(login)) {
    return "must have a user and a password in which special characters are percent-encoded: write %40 for @, %2F for /, %23 for #, %3F for ?, %25 for %, %20 for a space";
  }
  if (/^(?::|$)/.test(login))
    return "must have a user in front of the password: write USER:PASSWORD@HOST";
  return isUtf8(login)
    ? undefined
    : "must have a user and a password in which percent-encoded bytes are UTF-8";
}

function isUtf8(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}

function checkHost(host: string): string | undefined {
  const isIpv6 = host.startsWith("[") && URL.canParse(`http://${host}`);
  // `URL` rejects an address with an octet above 255.
  return isIpv6 || (HOST.test(host) && URL.canParse(`http://${host}`))
    ? undefined
    : "must have the host name or IP address of the proxy, such as http://proxy.example.com:3128 or http://[fd00::1]:3128";
}

function checkPort(port: string | undefined): string | undefined {
  return port === undefined || (/^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535)
    ? undefined
    : "must have a port from 1 to 65535, such as http://proxy.example.com:3128";
}
