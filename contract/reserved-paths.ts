import { PLACES_FOLDER, RUN_FOLDER } from "./replica-paths";
import { normalizePath } from "./paths";

/** A path in a replica's container that nothing may be mounted over, and what it is. */
interface ReservedPath {
  readonly path: string;
  /** Why it is reserved, and what to do instead. */
  readonly reason: string;
}

const OWN = "is the replica's own";

const RESERVED: readonly ReservedPath[] = [
  { path: RUN_FOLDER, reason: `${OWN} folder in memory, which holds the token` },
  { path: PLACES_FOLDER, reason: `${OWN} volume, which holds the system IDs of the pool` },
  { path: "/run/secrets", reason: "holds the swarm's secrets" },
  {
    path: "/etc/gitlab-runner",
    reason:
      "is gitlab-runner's folder, which the replica fills: use `configTemplate` instead of a config.toml, and `caCertificate` instead of files in certs",
  },
  { path: "/usr/local/lib/gitlab-runner-pool", reason: "is the replica's program" },
  { path: "/usr/local/bin/node", reason: "is the Node.js of the replica's program" },
  { path: "/usr/bin/gitlab-runner", reason: "is gitlab-runner" },
  { path: "/usr/bin/dumb-init", reason: "starts the replica's program" },
  { path: "/etc/hosts", reason: "is written by Docker: use `extraHosts`" },
  { path: "/etc/resolv.conf", reason: "is written by Docker: use `dns`" },
  { path: "/etc/hostname", reason: "is written by Docker" },
  { path: "/proc", reason: "belongs to the kernel" },
  { path: "/sys", reason: "belongs to the kernel" },
];

/**
 * What the replica's programs need of the image. Single files may be mounted into these folders,
 * such as a credential helper.
 */
const NEEDED: readonly ReservedPath[] = [
  { path: "/usr/bin", reason: "has the programs of the image" },
  { path: "/usr/sbin", reason: "has the programs of the image" },
  { path: "/usr/lib", reason: "has the libraries of the image" },
  { path: "/lib64", reason: "has the libraries of the image" },
  { path: "/etc/passwd", reason: "has the users of the image" },
];

/**
 * Folders that are links in Debian and Ubuntu. In Alpine, only the first one is; a mount at one of
 * the others hides as much there.
 */
const LINKS: Readonly<Record<string, string>> = {
  "/var/run": "/run",
  "/bin": "/usr/bin",
  "/sbin": "/usr/sbin",
  "/lib": "/usr/lib",
};

/**
 * Explains why nothing may be mounted at a path of a replica's container.
 * @param target an absolute path
 * @returns undefined if a mount is possible
 */
export function explainReservedPath(target: string): string | undefined {
  const path = resolvePath(target);
  if (path === "/") return "would hide the replica's whole file system";
  if (path === "/dev") return "would hide the devices";
  for (const { path: reserved, reason } of RESERVED) {
    if (path === reserved) return reason;
    if (isBelow(path, reserved)) return `is in ${reserved}, which ${reason}`;
    if (isBelow(reserved, path)) return `would hide ${reserved}, which ${reason}`;
  }
  const needed = NEEDED.find((one) => one.path === path);
  return needed === undefined ? undefined : `${needed.reason}, which the replica needs`;
}

/** Whether a mount at one path hides the other path, or is inside it. */
export function pathsCollide(one: string, other: string): boolean {
  const [first, second] = [resolvePath(one), resolvePath(other)];
  return first === second || isBelow(first, second) || isBelow(second, first);
}

/** Follows the links of Debian and Ubuntu, on which GitLab's and most other images are based. */
export function resolvePath(path: string): string {
  const normal = normalizePath(path);
  const link = Object.keys(LINKS).find((name) => normal === name || isBelow(normal, name));
  return link === undefined ? normal : `${LINKS[link] ?? ""}${normal.slice(link.length)}`;
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}
