import { readFileSync } from "node:fs";

/**
 * IDs of a machine, best first: the first lasts as long as the machine, the second until a reboot.
 */
const MACHINE_IDS = ["/sys/class/dmi/id/product_uuid", "/proc/sys/kernel/random/boot_id"];

/** Reads a string that is unique to this machine; empty if the kernel has none. */
export function readMachineId(): string {
  return MACHINE_IDS.map(read).find((id) => id !== "") ?? "";
}

/** Reads the ID of this process's container. A restart of the container keeps it. */
export function readContainerId(): string | undefined {
  return parseContainerId(read("/proc/self/mountinfo"));
}

/**
 * Finds the container's ID in the mounts: the engine mounts `/etc/hostname` from a folder that is
 * named after the container.
 */
export function parseContainerId(mountinfo: string): string | undefined {
  return /\/([0-9a-f]{64})\/(?:userdata\/)?hostname \/etc\/hostname /.exec(mountinfo)?.[1];
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
