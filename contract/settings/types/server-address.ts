import { isObject } from "../../json";
import type { Parsed, SettingType } from "../type";
import { checkedString } from "./string";

/** A server without a path. */
export interface ServerAddress {
  /** Host and port, if there is one. */
  readonly host: string;
  /** Whether the server uses HTTP without TLS. */
  readonly plainHttp: boolean;
}

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?";
const HOST = new RegExp(String.raw`^(?=.{1,259}$)${LABEL}(?:\.${LABEL})*(?::(?<port>\d{1,5}))?$`);
const RULE =
  "must be HOST[:PORT], such as s3.example.com or minio.example.com:9000, with http:// in front if the server does not use TLS";

/** Why a string is not `HOST[:PORT]`; undefined if it is. */
function checkHost(host: string): string | undefined {
  const match = HOST.exec(host);
  const port = match?.groups?.["port"];
  return match === null || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    ? RULE
    : undefined;
}

/** `HOST[:PORT]` of an S3 server. `http://` in front means that it does not use TLS. */
export const serverAddress: SettingType<ServerAddress, string> = {
  label: "string",
  parse: (written) => readAddress(typeof written === "string" ? written : ""),
  // A parsed value may be parsed again.
  fromCode: (value) =>
    isObject(value) && typeof value["host"] === "string"
      ? readAddress(`${value["plainHttp"] === true ? "http" : "https"}://${value["host"]}`)
      : undefined,
  format: ({ host, plainHttp }) => (plainHttp ? `http://${host}` : host),
  toToml: ({ host }) => host,
  toTomlBeside: ({ plainHttp }) => (plainHttp ? { Insecure: true } : {}),
};

function readAddress(text: string): Parsed<ServerAddress> {
  const [, scheme, rest = ""] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text.trim()) ?? [];
  if (scheme !== undefined && !/^https?$/i.test(scheme)) return { problem: RULE };
  if (rest.includes("@")) {
    return { problem: "must not contain a user or a password: use accessKey and secretKey" };
  }
  const host = rest.replace(/\/$/, "");
  if (/[/?#]/.test(host)) {
    return {
      problem:
        "must be HOST[:PORT] without a path: the name of the bucket belongs into bucketName, and a folder into cache.path",
    };
  }
  if (/^\[|:.*:/.test(host)) {
    return {
      problem: "must be a host name or an IPv4 address: gitlab-runner cannot use IPv6 here",
    };
  }
  const problem = checkHost(host);
  return problem === undefined
    ? { value: { host, plainHttp: scheme?.toLowerCase() === "http" } }
    : { problem };
}

/** The domain of a storage service, to which the name of the account is prefixed. */
export const storageDomain = checkedString("host name", (text) => {
  if (text.includes("://") || text.includes("/")) {
    return "must be a domain without https:// and without a path, such as blob.core.windows.net";
  }
  return checkHost(text) === undefined
    ? undefined
    : "must be a domain, such as blob.core.windows.net or blob.example.com:10000";
});

/** The domain of a Google cloud. */
export const universeDomain = checkedString("host name", (text) =>
  checkHost(text) === undefined && text.includes(".") && !text.includes(":")
    ? undefined
    : "must be a domain, such as googleapis.com",
);
