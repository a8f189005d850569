import { checkedList } from "./lists";
import { checkedString, matchingString } from "./settings/types/string";

/** Parts of an image reference, as Docker's own grammar has them. */
const HOST = String.raw`(?:localhost|(?=[^/]*[.:\[])(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d+)?|localhost:\d+)`;
const PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const REFERENCE = new RegExp(
  String.raw`^(?:${HOST}/)?${PART}(?:/${PART})*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

const IMAGE_RULE =
  "must be an image reference, such as ubuntu:24.04 or registry.example.com/ci/job:1";

/** An image reference as Docker takes it: registry, path, tag and digest. */
export const imageReference = checkedString("image", (text) =>
  isImageReference(text) ? undefined : IMAGE_RULE,
);

/** The same, in which gitlab-runner replaces variables of the job, such as `$CI_RUNNER_VERSION`. */
export const imageTemplate = checkedString("image", (text) =>
  isImageReference(text.replace(/\$\w+|\$\{\w+\}/g, "x")) && !/^\$\{?\w+\}?$/.test(text)
    ? undefined
    : IMAGE_RULE,
);

function isImageReference(text: string): boolean {
  // Docker takes 64 hexadecimal digits for the ID of an image.
  return text.length <= 400 && REFERENCE.test(text) && !/^[0-9a-f]{64}$/.test(text);
}

/** A directory as gitlab-runner's parser of volumes takes it. */
const NAME = String.raw`[^\\/:*?"<>|\r\n]+`;
const DIRECTORY = `/(?:${NAME}/)*(?:${NAME})?`;

/**
 * A volume as gitlab-runner 19.4 takes it
 * (executors/docker/internal/volumes/parser/linux_parser.go): the same language, written so that it
 * can be matched in linear time.
 */
const VOLUME = new RegExp(
  `^(?:(?<source>${DIRECTORY}|${NAME}):)?(?<destination>${DIRECTORY})` +
    "(?::(?:[rR][oO]|[rR][wW]|[oO]))?(?:[:,][zZ])?" +
    "(?:[:,](?:[rR]?[sS][hH][aA][rR][eE][dD]|[rR]?[sS][lL][aA][vV][eE]|[rR]?[pP][rR][iI][vV][aA][tT][eE]))?$",
);

/** Names that Docker takes for a volume. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** Volumes of job containers. */
export const volumes = checkedList(checkVolumes);

function checkVolumes(entries: readonly string[]): string | undefined {
  const destinations = new Map<string, string>();
  for (const entry of entries) {
    const problem = checkVolume(entry);
    if (problem !== undefined) {
      return `must be volumes as PATH or SOURCE:PATH[:MODE], and ${JSON.stringify(entry)} ${problem}`;
    }
    const destination = normalizePath(parseDestination(entry));
    const other = destinations.get(destination);
    if (other !== undefined) {
      return `must be volumes with a path each of its own, and ${JSON.stringify(other)} and ${JSON.stringify(entry)} have the same`;
    }
    destinations.set(destination, entry);
  }
  return undefined;
}

function checkVolume(entry: string): string | undefined {
  const { source, destination } = VOLUME.exec(entry)?.groups ?? {};
  if (destination === undefined) return explainSyntax(entry);
  if (normalizePath(destination) === "/") return "is mounted at /, which Docker does not allow";
  if (source !== undefined && !source.startsWith("/") && !VOLUME_NAME.test(source)) {
    return "has a name that Docker does not take for a volume";
  }
  return undefined;
}

/** What is wrong with a volume that gitlab-runner does not take. */
function explainSyntax(entry: string): string {
  if (/^[a-zA-Z]:[\\/]|\\/.test(entry)) return "is a path of Windows: the nodes are Linux";
  if (/^[.~]/.test(entry)) return "begins with a relative path: write it from / on";
  const parts = entry.split(":");
  if (parts.length === 1) return "is not a path from / on";
  if (parts.length === 2 && parts[1]?.startsWith("/") !== true) {
    return "has a path in the container that does not begin with /";
  }
  return "has another form, or a mode other than ro, rw, z, Z and a mount propagation";
}

/** An absolute path without `.`, `..` and a slash at its end. */
function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function parseDestination(entry: string): string {
  return VOLUME.exec(entry)?.groups?.["destination"] ?? entry;
}

/** The network of job containers: one of Docker's own, one by its name, or that of a container. */
export const networkMode = matchingString(
  "text",
  /^(?:container:)?[a-zA-Z0-9](?:[a-zA-Z0-9_. -]{0,126}[a-zA-Z0-9_.-])?$/,
  "must be bridge, host, none, the name of a network, or container:NAME",
);
