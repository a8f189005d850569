import { normalizePath, pathContains } from "../../paths";
import { NODE_SOCKET, parseEngineHost } from "../types/engine-host";
import type { RuleInput } from "./rule";

/** Folders of a node in which a job that can write becomes root. */
const ROOT_FOLDERS = ["/etc", "/root", "/var/lib/docker"];

/** Capabilities with which a container can take over its node. */
const ROOT_CAPABILITIES = ["ALL", "SYS_ADMIN", "SYS_MODULE"];

/** Disks, their partitions and the node's memory, or all devices. */
const ROOT_DEVICE =
  /^\/dev(?:$|\/(?:[shv]d[a-z]|xvd[a-z]|nvme\d+n\d|mmcblk\d|md\d|dm-\d|k?mem$|mapper(?:\/|$)|disk(?:\/|$)))/;

/** A rule for writing to block devices. Docker lets jobs create the device files; 7 is loop's. */
const ROOT_DEVICE_RULE = /^[ab] (?!7:)\S+ [rm]*w/;

/** Lists the settings with which a job can become root on its node. */
export function listRootSettings({ value, show, name }: RuleInput): readonly string[] {
  const sockets = listSockets(value("docker.host"));
  const list = (
    key: "docker.volumes" | "docker.capAdd" | "docker.devices" | "docker.deviceCgroupRules",
    isRoot: (entry: string) => boolean,
  ) => (value(key) ?? []).filter(isRoot).map((entry) => `${name(key)} (${entry})`);
  return [
    ...(["docker.privileged", "docker.servicesPrivileged"] as const)
      .filter((key) => value(key) === true)
      .map((key) => show(key)),
    ...list("docker.volumes", (volume) => isRootVolume(volume, sockets)),
    ...list("docker.capAdd", (capability) => ROOT_CAPABILITIES.includes(capability)),
    ...list("docker.devices", isRootDevice),
    ...list("docker.deviceCgroupRules", (rule) => ROOT_DEVICE_RULE.test(rule)),
  ];
}

/**
 * Lists the sockets of engines on a node: the Docker engine, which every node of a swarm has, and
 * the engine of the jobs.
 */
function listSockets(host: string | undefined): readonly string[] {
  const engine = host === undefined ? undefined : parseEngineHost(host);
  return [NODE_SOCKET, ...(engine?.kind === "socket" ? [engine.path] : [])];
}

/** A socket can also be used if it is mounted read-only. */
function isRootVolume(volume: string, sockets: readonly string[]): boolean {
  const [source = "", destination, mode = ""] = volume.split(":");
  if (destination === undefined || !source.startsWith("/")) return false;
  const isReadOnly = mode.split(",").includes("ro");
  return [...sockets, ...(isReadOnly ? [] : ROOT_FOLDERS)].some((path) =>
    pathContains(source, path),
  );
}

function isRootDevice(device: string): boolean {
  const [source = "", , permissions = "rwm"] = device.split(":");
  return permissions.includes("w") && ROOT_DEVICE.test(normalizePath(source));
}
