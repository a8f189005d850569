import type { Node } from "../../../docker-engine/nodes";
import type { StackPool, StackSettings } from "../../../stack/stack-settings";
import { defaultOf } from "../../../contract/settings/keys";
import { formatBytes } from "../../../contract/bytes";
import {
  count,
  listPools,
  nameInSentence,
  readArgument,
  readParsed,
  runsJobsOnNodes,
} from "../pools";
import type { PlacementFindings } from "./placement";
import { failed, passed, warned, type Result } from "../outcome";

/** Free space that building and pulling the runner image needs. */
const MIN_DISK_BYTES = 2 * 1024 ** 3;

const NANO = 1e9;

/** What the nodes have. */
export interface Resources {
  /** The nodes that can run replicas. */
  readonly nodes: readonly Node[];
  /** Free bytes on the engine's disk; undefined if they are unknown. */
  readonly diskBytes: number | undefined;
  /** How the pools compare with all nodes. */
  readonly placement: PlacementFindings;
}

/** The smallest value of the nodes, and a node that has it. */
interface Smallest {
  readonly value: number;
  readonly node: string;
}

/** Checks the smallest node, on which Swarm may place any replica, against the settings. */
export function checkResources(
  settings: StackSettings,
  { nodes, diskBytes, placement }: Resources,
): Result<undefined> {
  const memory = findSmallest(nodes, ({ resources }) => resources?.memoryBytes);
  const cpus = findSmallest(nodes, ({ resources }) =>
    resources === undefined ? undefined : resources.nanoCpus / NANO,
  );
  const list = (check: (pool: StackPool) => string | undefined) =>
    listPools(settings).flatMap((pool) => {
      const text = check(pool);
      return text === undefined ? [] : [`${nameInSentence(pool, settings)}${text}`];
    });
  const problems = [...placement.problems, ...list((pool) => checkCpus(pool, cpus))];
  if (diskBytes !== undefined && diskBytes < MIN_DISK_BYTES) {
    problems.push(
      `the engine has ${formatBytes(diskBytes)} of free disk space, and building the runner image needs ${formatBytes(MIN_DISK_BYTES)}: run \`docker system prune\`, or enlarge the disk`,
    );
  }
  if (problems.length > 0) return failed(...problems);
  const text = describe(count(nodes.length, "node"), memory, cpus, diskBytes);
  const warnings = [...placement.warnings, ...list((pool) => compareMemory(pool, memory))];
  return warnings.length > 0 ? warned([text, ...warnings].join("; ")) : passed(text);
}

function findSmallest(
  nodes: readonly Node[],
  read: (node: Node) => number | undefined,
): Smallest | undefined {
  return nodes
    .flatMap((node) => {
      const value = read(node);
      return value === undefined ? [] : [{ value, node: node.name }];
    })
    .sort((one, other) => one.value - other.value)[0];
}

/** Limits may add up to more than a node has: Docker starts the jobs, which rarely use it all. */
function compareMemory(pool: StackPool, smallest: Smallest | undefined): string | undefined {
  const limit = runsJobsOnNodes(pool) ? readParsed(pool, "docker.memory") : undefined;
  if (limit === undefined || smallest === undefined) return undefined;
  const jobs = Number(readArgument(pool, "concurrent") ?? defaultOf("concurrent"));
  const needed = limit * jobs;
  if (needed <= smallest.value) return undefined;
  const sum =
    jobs === 1
      ? `\`docker.memory\` is ${formatBytes(limit)}`
      : `\`docker.memory\` (${formatBytes(limit)}) times \`concurrent\` (${jobs}) is ${formatBytes(needed)}`;
  const lower = jobs === 1 ? "`docker.memory`" : "one of them";
  return `${sum}, but node ${smallest.node} has ${formatBytes(smallest.value)} of memory, so jobs that need all of theirs may be killed: to prevent that, lower ${lower}, or use nodes with more memory`;
}

/** Docker refuses a container that asks for more CPUs than its node has. */
function checkCpus(pool: StackPool, smallest: Smallest | undefined): string | undefined {
  const written = runsJobsOnNodes(pool) ? readArgument(pool, "docker.cpus") : undefined;
  const limit = Number(written ?? NaN);
  if (Number.isNaN(limit) || smallest === undefined || limit <= smallest.value) return undefined;
  return `\`docker.cpus\` is ${limit}, but node ${smallest.node} has ${count(smallest.value, "CPU")}, so Docker cannot start jobs there: lower \`docker.cpus\`, or use nodes with more CPUs`;
}

function describe(
  nodes: string,
  memory: Smallest | undefined,
  cpus: Smallest | undefined,
  diskBytes: number | undefined,
): string {
  return [
    `the smallest of ${nodes} has`,
    `${memory === undefined ? "unknown" : formatBytes(memory.value)} memory`,
    `and ${cpus === undefined ? "an unknown number of CPUs" : count(cpus.value, "CPU")};`,
    diskBytes === undefined
      ? "the free disk space of the engine is unknown"
      : `the engine has ${formatBytes(diskBytes)} of free disk space`,
  ].join(" ");
}
