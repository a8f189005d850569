import { findNearest } from "../suggest";
import type { Parsed } from "../settings/type";
import type { PlacementNode } from "./node";

/** An operating system and an architecture that replicas may run on. */
export interface Platform {
  readonly os: string;
  /** By the name that images use, such as `amd64`. */
  readonly architecture: string;
}

/** The replicas' image is a Linux image. */
const OS = "linux";

/** Other names of architectures that Swarm treats alike. */
const SAME_ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** The architectures of Linux images, by the names with which Swarm finds their nodes. */
const ARCHITECTURES = ["amd64", "arm64", "armv6l", "armv7l", "ppc64le", "riscv64", "s390x"];

/** What Linux nodes report. */
const NODE_ARCHITECTURES = [
  ...ARCHITECTURES.map(reportedName),
  ...["i386", "i686", "loongarch64", "mips64"],
];

/** Names that images use, but that match no node: Swarm compares what the kernel reports. */
const REPORTED: Readonly<Record<string, string>> = {
  arm: "armv7l",
  "arm/v6": "armv6l",
  "arm/v7": "armv7l",
  "arm64/v8": "arm64",
  x64: "amd64",
};

/** Parses a platform such as `linux/amd64`. `x86_64` becomes `amd64`, `aarch64` becomes `arm64`. */
export function parsePlatform(text: string): Parsed<Platform> {
  const [, os = "", written = ""] = /^([^/]*)\/(.+)$/.exec(text.toLowerCase()) ?? [];
  const architecture = normalizeArchitecture(written);
  if (os === OS && ARCHITECTURES.includes(architecture)) return { value: { os, architecture } };
  const meant = find(REPORTED, written) ?? findNearest(architecture, ARCHITECTURES);
  const isHelpful = (os === OS || os === "") && meant !== undefined;
  const hint = isHelpful ? `: did you mean ${OS}/${meant}?` : "";
  return {
    problem: `must be platforms of Linux nodes (${ARCHITECTURES.map((one) => `${OS}/${one}`).join(", ")}); ${JSON.stringify(text)} is not one${hint}`,
  };
}

/** Converts a platform of settings that were checked before, so an invalid one is a bug. */
export function toPlatform(text: string): Platform {
  const parsed = parsePlatform(text);
  if ("problem" in parsed) throw new TypeError(parsed.problem);
  return parsed.value;
}

/** What the settings of a pool, which were checked before, say about the nodes of its replicas. */
interface PoolPlacement {
  readonly constraints?: readonly string[] | undefined;
  readonly platforms?: readonly string[] | undefined;
}

/** Lists all constraints of a pool's service: those of the pool, and those for its platforms. */
export function listServiceConstraints({
  constraints = [],
  platforms = [],
}: PoolPlacement): readonly string[] {
  return [...constraints, ...listConstraints(platforms)];
}

/**
 * Lists constraints that only nodes of these platforms meet. Swarm has no constraint with
 * alternatives, so several platforms become the exclusion of all others.
 * @param platforms valid platforms of Linux; none allows all
 */
export function listConstraints(platforms: readonly string[]): readonly string[] {
  const chosen = platforms.map((text) => reportedName(toPlatform(text).architecture));
  const [first] = chosen;
  if (first === undefined) return [];
  const architectures =
    chosen.length === 1
      ? [`node.platform.arch==${first}`]
      : NODE_ARCHITECTURES.filter((name) => !chosen.includes(name)).map(
          (name) => `node.platform.arch!=${name}`,
        );
  return [`node.platform.os==${OS}`, ...architectures];
}

/** Formats a platform as `OS/ARCH`. */
export function formatPlatform({ os, architecture }: Platform): string {
  return `${os}/${architecture}`;
}

/** Whether a node has a platform, by Swarm's rules: what is empty matches all. */
export function hasPlatform(node: PlacementNode, { os, architecture }: Platform): boolean {
  const isSame = (one: string, other: string) =>
    one === "" || normalizeArchitecture(one) === normalizeArchitecture(other);
  return isSame(os, node.os ?? "") && isSame(architecture, node.architecture ?? "");
}

/** Returns what a node reports for an architecture of an image. */
function reportedName(architecture: string): string {
  const names = Object.entries(SAME_ARCHITECTURES);
  return names.find(([, name]) => name === architecture)?.[0] ?? architecture;
}

/** Returns the name of an architecture that images use, such as `amd64` for `x86_64`. */
export function normalizeArchitecture(name: string): string {
  return find(SAME_ARCHITECTURES, name) ?? name;
}

function find(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}
