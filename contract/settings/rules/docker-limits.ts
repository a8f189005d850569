import { parseDestination } from "../../docker-syntax";
import { normalizePath } from "../../paths";
import type { KeyOf, KeyWith } from "../keys";
import type { Rule, RuleInput } from "./rule";

/** A setting that is a number of bytes. */
type SizeKey = Extract<KeyOf<"replica">, `docker.${string}emory${string}`>;

/** The memory settings of one kind of container. */
interface MemoryKeys {
  readonly limit: SizeKey;
  readonly swap: SizeKey;
  readonly reservation: SizeKey;
}

const OF_JOBS: MemoryKeys = {
  limit: "docker.memory",
  swap: "docker.memorySwap",
  reservation: "docker.memoryReservation",
};

const OF_SERVICES: MemoryKeys = {
  limit: "docker.serviceMemory",
  swap: "docker.serviceMemorySwap",
  reservation: "docker.serviceMemoryReservation",
};

/** Docker creates a container only if memory and swap >= memory >= reservation. */
const orderMemory: Rule = (settings) => ({
  problems: [OF_JOBS, OF_SERVICES].flatMap((keys) => checkMemory(settings, keys)),
});

function checkMemory({ value, show, name }: RuleInput, keys: MemoryKeys): readonly string[] {
  const [limit, swap, reservation] = [keys.limit, keys.swap, keys.reservation].map(value);
  const problems: string[] = [];
  if (swap !== undefined && limit === undefined) {
    problems.push(
      `${show(keys.swap)} requires ${name(keys.limit)}, because it limits memory and swap together: set ${name(keys.limit)} too`,
    );
  }
  if (swap !== undefined && limit !== undefined && swap < limit) {
    problems.push(
      `${show(keys.swap)} must be at least ${show(keys.limit)}, because it limits memory and swap together`,
    );
  }
  if (reservation !== undefined && limit !== undefined && reservation > limit) {
    problems.push(`${show(keys.reservation)} must be at most ${show(keys.limit)}`);
  }
  return problems;
}

const TMPFS_KEYS = ["docker.tmpfs", "docker.servicesTmpfs"] as const satisfies readonly Extract<
  KeyWith<"toml">,
  string
>[];

/** Docker refuses two mounts at one path. The volumes are mounted in services too. */
const mountEachPathOnce: Rule = ({ value, name, show }) => {
  const volumes = (value("docker.volumes") ?? []).map(
    (entry) => [normalizePath(parseDestination(entry)), entry] as const,
  );
  return {
    problems: TMPFS_KEYS.flatMap((key) =>
      Object.keys(value(key) ?? {}).flatMap((path) => {
        const volume = volumes.find(([destination]) => destination === normalizePath(path));
        return volume === undefined
          ? []
          : [
              `${name(key)} must not mount a tmpfs at ${path}, where ${show("docker.volumes")} mounts ${JSON.stringify(volume[1])}: remove one of them`,
            ];
      }),
    ),
  };
};

/** Rules about what jobs and services may use of a node. */
export const DOCKER_LIMIT_RULES: readonly Rule[] = [orderMemory, mountEachPathOnce];
