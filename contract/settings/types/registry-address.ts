import { isObject } from "../../json";
import type { Parsed, SettingType } from "../type";

/** A registry and the path at which it stores the image. */
export interface RegistryAddress {
  /** Host and port, as in an image reference. */
  readonly host: string;
  /** The path before the image's name, without surrounding slashes. May be empty. */
  readonly path: string;
  /** Whether the registry uses HTTP without TLS. */
  readonly plainHttp: boolean;
}

const ADDRESS =
  /^(?:(https?):\/\/)?((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?::\d{1,5})?)((?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)\/?$/;

/**
 * `HOST[:PORT][/PATH]`. The host needs a dot or a port, because Docker interprets any other first
 * part as a user of Docker Hub.
 */
export const registryAddress: SettingType<RegistryAddress, string | RegistryAddress> = {
  label: "string",
  parse: (written) => readAddress(typeof written === "string" ? written : ""),
  fromCode: (value) => (isAddress(value) ? { value } : undefined),
  format: formatRegistryAddress,
};

function readAddress(text: string): Parsed<RegistryAddress> {
  const [, scheme, host, path] = ADDRESS.exec(withoutApi(text.trim())) ?? [];
  if (host === undefined || !/[.:]|^localhost$/.test(host)) {
    return {
      problem:
        "must be HOST[:PORT][/PATH] in lower case, such as registry.example.com/ci or docker.io/USER",
    };
  }
  if (isDockerHub(host)) {
    return path === undefined || path === ""
      ? { problem: "must include your Docker Hub user or organization, such as docker.io/USER" }
      : { value: { host: DOCKER_HUB, path: path.slice(1), plainHttp: false } };
  }
  const plainHttp = scheme === "http" || (scheme === undefined && isLoopback(host));
  return { value: { host, path: (path ?? "").slice(1), plainHttp } };
}

function isAddress(value: unknown): value is RegistryAddress {
  if (!isObject(value)) return false;
  const { host, path, plainHttp } = value;
  return typeof host === "string" && typeof path === "string" && typeof plainHttp === "boolean";
}

/** Formats an address, always with its scheme: without one, the scheme depends on the host. */
export function formatRegistryAddress({ host, path, plainHttp }: RegistryAddress): string {
  return `${plainHttp ? "http" : "https"}://${host}${path === "" ? "" : `/${path}`}`;
}

/** Docker Hub's name in image references. */
export const DOCKER_HUB = "docker.io";

/** The key under which `docker login` stores the login of Docker Hub. */
export const HUB_KEY = "https://index.docker.io/v1/";

/** Whether a host is Docker Hub. Its login, its API and its website have different host names. */
export function isDockerHub(host: string): boolean {
  return [
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
    "hub.docker.com",
  ].includes(host.toLowerCase());
}

/**
 * Removes the path of a registry's API, such as https://index.docker.io/v1/. `docker login` also
 * accepts such an address.
 */
function withoutApi(address: string): string {
  return address.replace(/^((?:https?:\/\/)?[^/]+)\/v[12]\/*$/, "$1");
}

/** Whether a host is on the loopback interface. Docker uses HTTP without TLS for it. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3})(?::|$)/.test(host);
}
