import { list } from "../../lists";
import { findNearest } from "../../suggest";
import { andThen, type Parsed, type SettingType } from "../type";

/** Linux's capabilities, without the prefix CAP_. */
const CAPABILITIES = [
  ...["AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE"],
  ...["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER"],
  ...["KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN"],
  ...["NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP"],
  ...["SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE"],
  ...["SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG"],
  "WAKE_ALARM",
];

/** The word for all capabilities. */
const ALL_CAPABILITIES = "ALL";

type Capabilities = SettingType<readonly string[], string | readonly string[]>;

/** Capabilities such as `NET_ADMIN`, in capitals and without the prefix `CAP_`, or `ALL`. */
export const capabilities: Capabilities = {
  ...list,
  parse: (written) => parseNames(written, ", or ALL"),
};

/** The same without `ALL`, for a container that must not have every capability. */
export const namedCapabilities: Capabilities = {
  ...list,
  parse: (written) =>
    andThen(parseNames(written, ""), (names) =>
      names.includes(ALL_CAPABILITIES)
        ? {
            problem: `must name each capability: ${ALL_CAPABILITIES} would let a replica do everything on its node`,
          }
        : { value: names },
    ),
};

/** @param also what is allowed besides the capabilities, for the message */
function parseNames(written: unknown, also: string): Parsed<readonly string[]> {
  return andThen(list.parse(written), (entries) => {
    const names = entries.map((entry) => entry.toUpperCase().replace(/^CAP_/, ""));
    const unknown = names.findIndex((name) => !isCapability(name));
    return unknown === -1
      ? { value: [...new Set(names)] }
      : { problem: describeUnknown(entries[unknown] ?? "", names[unknown] ?? "", also) };
  });
}

function isCapability(name: string): boolean {
  return name === ALL_CAPABILITIES || CAPABILITIES.includes(name);
}

function describeUnknown(entry: string, name: string, also: string): string {
  const meant = findNearest(name, CAPABILITIES);
  const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
  return `must be a list of Linux capabilities, such as NET_ADMIN${also}; ${JSON.stringify(entry)} is not one${hint}`;
}
