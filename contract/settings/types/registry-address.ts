import { isObject } from "../../json";
import type { Parsed, SettingType } from "../type";

/** A registry, and the path in it under which the image is stored. */
export interface RegistryAddress {
  /** Host and port, as in an image reference. */
  readonly host: string;
  /** Path before the image's name, without slashes around it; may be empty. */
  readonly path: string;
  /** True if the registry speaks HTTP without TLS. */
  readonly plainHttp: boolean;
}

const ADDRESS =
  /^(?:(https?):\/\/)?((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?::\d{1,5})?)((?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)\/?$/;

/**
 * `HOST[:PORT][/PATH]`; Docker takes a first part with neither dot nor port for a user of Docker
 * Hub.
 */
export const registryAddress: SettingType<RegistryAddress, string | RegistryAddress> = {
  label: "text",
  parse: (written) => readAddress(typeof written === "string" ? written : ""),
  fromCode: (value) => (isAddress(value) ? { value } : undefined),
  format: formatAddress,
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
      ? { problem: "must name your user or organisation of Docker Hub: docker.io/USER" }
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

/** The scheme is always written: without one, it depends on the host. */
function formatAddress({ host, path, plainHttp }: RegistryAddress): string {
  return `${plainHttp ? "http" : "https"}://${host}${path === "" ? "" : `/${path}`}`;
}

/** An address as a person writes it. */
export function formatRegistryAddress({ host, path, plainHttp }: RegistryAddress): string {
  return `${plainHttp ? "http" : "https"}://${[host, path].filter((part) => part !== "").join("/")}`;
}

/** Docker Hub's name in image references. */
export const DOCKER_HUB = "docker.io";

/** Whether a host is Docker Hub's: its login, its API and its web page have names of their own. */
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
 * `docker login` takes the address of a registry's API too, such as https://index.docker.io/v1/.
 */
function withoutApi(address: string): string {
  return address.replace(/^((?:https?:\/\/)?[^/]+)\/v[12]\/*$/, "$1");
}

/** Docker itself speaks plain HTTP to a registry on the loopback interface. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3})(?::|$)/.test(host);
}
