import { checkedList } from "./lists";
import { normalizePath } from "./paths";
import { checkedString } from "./settings/types/string";

/** The parts of an image reference, as Docker's grammar defines them. */
const HOST = String.raw`(?:localhost|(?=[^/]*[.:\[])(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d+)?|localhost:\d+)`;

/** A registry's host and port in an image reference. It has a dot or a port, or is localhost. */
export const REGISTRY_HOST = new RegExp(`^${HOST}$`);

const PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const REFERENCE = new RegExp(
  String.raw`^(?:${HOST}/)?${PART}(?:/${PART})*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

const IMAGE_RULE =
  "must be an image reference, such as ubuntu:24.04 or registry.example.com/ci/job:1";

/** An image reference that Docker accepts: registry, path, tag and digest. */
export const imageReference = checkedString("image", (text) =>
  isImageReference(text) ? undefined : IMAGE_RULE,
);

/** An image reference in which gitlab-runner expands variables, such as `$CI_RUNNER_VERSION`. */
export const imageTemplate = checkedString("image", (text) =>
  isImageReference(text.replace(/\$\w+|\$\{\w+\}/g, "x")) && !/^\$\{?\w+\}?$/.test(text)
    ? undefined
    : IMAGE_RULE,
);

function isImageReference(text: string): boolean {
  // Docker interprets 64 hexadecimal digits as an image ID.
  return text.length <= 400 && REFERENCE.test(text) && !/^[0-9a-f]{64}$/.test(text);
}

/** A directory that gitlab-runner's volume parser accepts. */
const NAME = String.raw`[^\\/:*?"<>|\r\n]+`;
const DIRECTORY = `/(?:${NAME}/)*(?:${NAME})?`;

/**
 * A volume that gitlab-runner 19.4 accepts. It matches the same strings as the expression in
 * executors/docker/internal/volumes/parser/linux_parser.go, but in linear time.
 */
const VOLUME = new RegExp(
  `^(?:(?<source>${DIRECTORY}|${NAME}):)?(?<destination>${DIRECTORY})` +
    "(?::(?:[rR][oO]|[rR][wW]|[oO]))?(?:[:,][zZ])?" +
    "(?:[:,](?:[rR]?[sS][hH][aA][rR][eE][dD]|[rR]?[sS][lL][aA][vV][eE]|[rR]?[pP][rR][iI][vV][aA][tT][eE]))?$",
);

/** A name that Docker accepts for a volume. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** The volumes of job containers. */
export const volumes = checkedList(checkVolumes);

function checkVolumes(entries: readonly string[]): string | undefined {
  const destinations = new Map<string, string>();
  for (const entry of entries) {
    const problem = checkVolume(entry);
    if (problem !== undefined) {
      return `must be a list of PATH or SOURCE:PATH[:MODE]; ${JSON.stringify(entry)} ${problem}`;
    }
    const destination = normalizePath(parseDestination(entry));
    const other = destinations.get(destination);
    if (other !== undefined) {
      return `must not mount two volumes at the same path: ${JSON.stringify(other)} and ${JSON.stringify(entry)}`;
    }
    destinations.set(destination, entry);
  }
  return undefined;
}

function checkVolume(entry: string): string | undefined {
  const { source, destination } = VOLUME.exec(entry)?.groups ?? {};
  if (destination === undefined) return explainSyntaxError(entry);
  if (normalizePath(destination) === "/") return "is mounted at /, which Docker does not allow";
  if (source !== undefined && !source.startsWith("/") && !VOLUME_NAME.test(source)) {
    return "has an invalid volume name";
  }
  return undefined;
}

/** Explains why gitlab-runner rejects a volume. */
function explainSyntaxError(entry: string): string {
  if (/^[a-zA-Z]:[\\/]|\\/.test(entry)) return "is a Windows path, but the nodes run Linux";
  if (/^[.~]/.test(entry)) return "starts with a relative path: use an absolute path";
  const parts = entry.split(":");
  if (parts.length === 1) return "is not an absolute path";
  if (parts.length === 2 && parts[1]?.startsWith("/") !== true) {
    return "has a container path that does not start with /";
  }
  return "has an invalid form or mode (valid modes: ro, rw, z, Z and a mount propagation such as rslave)";
}

/** Returns where a volume is mounted in a container. */
export function parseDestination(entry: string): string {
  return VOLUME.exec(entry)?.groups?.["destination"] ?? entry;
}

const NETWORK = /^[a-zA-Z0-9](?:[a-zA-Z0-9_. -]{0,126}[a-zA-Z0-9_.-])?$/;

/** The network of job containers: a predefined one, or a network name. */
export const networkMode = checkedString("string", (text) => {
  if (NETWORK.test(text)) return undefined;
  const rule = "must be bridge, host, none or a network name";
  return text.startsWith("container:")
    ? `${rule}, because a container is on one node only: connect the container to a network, and set that network's name`
    : rule;
});
