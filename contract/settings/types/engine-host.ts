import { PLACES_FOLDER, RUN_FOLDER } from "../../replica-paths";
import { string } from "./string";

/** The address of a Docker engine: a socket on the node, or a host with TLS. */
export type EngineHost =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

const RULE =
  "must be unix:///PATH (a socket on the node) or tcp://HOST:PORT (an engine with TLS), such as unix:///run/podman/podman.sock or tcp://docker.example.com:2376";

/** Linux's limit for the path of a socket (`sun_path`), without the terminating byte. */
const MAX_PATH_BYTES = 107;

/** Folders in which a replica has its own files, or the kernel's. */
const RESERVED = [RUN_FOLDER, PLACES_FOLDER, "/run/secrets", "/proc", "/sys", "/dev"];

/** The socket of a node's own engine. */
export const NODE_SOCKET = "/var/run/docker.sock";

/** Other addresses that users know from Docker, and what to do instead. */
const OTHER_SCHEMES: Readonly<Record<string, string>> = {
  ssh: "a replica cannot use ssh://, so let the engine listen on TCP with TLS",
  npipe: "a pipe of Windows does not exist on the swarm's nodes, which run Linux",
  fd: "clients cannot connect to fd://, so write the address that the engine listens on",
  http: "write tcp:// instead of http://",
  https: "write tcp:// instead of https://",
};

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?";
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
const IPV6 = /^\[[0-9a-fA-F:.]+\]$/;

/** The address of the Docker engine that runs the jobs. */
export const engineHost = string("engine address", (text) => {
  const problem = checkHost(text);
  return problem === undefined ? { value: text } : { problem };
});

/** Parses a valid address. */
export function parseEngineHost(text: string): EngineHost {
  if (text.startsWith("unix://")) return { kind: "socket", path: text.slice("unix://".length) };
  const [, host = "", port = ""] = /^tcp:\/\/(.*):(\d+)$/.exec(text) ?? [];
  return { kind: "tcp", host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function checkHost(text: string): string | undefined {
  const [, scheme, rest = ""] = /^([a-z]+):\/\/(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case "unix":
      return checkPath(rest);
    case "tcp":
      return checkAddress(rest);
    case undefined:
      return explainMissingScheme(text);
    default: {
      const advice = Object.hasOwn(OTHER_SCHEMES, scheme) ? OTHER_SCHEMES[scheme] : undefined;
      return advice === undefined ? RULE : `${RULE}: ${advice}`;
    }
  }
}

function explainMissingScheme(text: string): string {
  if (text.startsWith("/")) return `${RULE}: write unix://PATH`;
  return /^(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d+)?$/.test(text)
    ? `${RULE}: write tcp://HOST:PORT`
    : RULE;
}

function checkPath(path: string): string | undefined {
  if (!path.startsWith("/")) {
    return "must have an absolute path after unix://, such as unix:///run/podman/podman.sock";
  }
  if (path.includes(":")) return "must not have a colon in the path of the socket";
  if (!/^[\w./@+=~-]+$/.test(path)) {
    return "must have only letters, digits and the characters . _ - / @ + = ~ in the path of the socket";
  }
  if (path.endsWith("/") || /\/(?:\.{0,2})\//.test(path) || /\/\.{1,2}$/.test(path)) {
    return "must have the path of a socket, without a slash at its end and without empty parts, . and ..";
  }
  if (path.length > MAX_PATH_BYTES) {
    return `must have a path of at most ${MAX_PATH_BYTES} characters, which is Linux's limit for sockets; it has ${path.length}`;
  }
  const reserved = RESERVED.find((folder) => path === folder || path.startsWith(`${folder}/`));
  return reserved === undefined
    ? undefined
    : `must not have a path in ${reserved}, where a replica has other files`;
}

function checkAddress(address: string): string | undefined {
  if (/[/?#@]/.test(address))
    return "must not have a user, a path or a query: write tcp://HOST:PORT";
  if (/^[0-9a-fA-F:.]+$/.test(address) && address.split(":").length > 2) {
    return "must have an IPv6 address in brackets, such as tcp://[fd00::1]:2376";
  }
  const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(address) ?? [];
  if (!NAME.test(host) && !isIpv6(host)) {
    return "must have a host name or an IP address after tcp://, such as tcp://docker.example.com:2376";
  }
  if (port === undefined || port === "") {
    return "must have a port, which is usually 2376 for an engine with TLS: write tcp://HOST:2376";
  }
  const isPort = /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535;
  return isPort ? undefined : "must have a port from 1 to 65535";
}

function isIpv6(host: string): boolean {
  return IPV6.test(host) && URL.canParse(`http://${host}`);
}
