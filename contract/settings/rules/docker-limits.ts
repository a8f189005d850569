import { DEFAULT_BUILDS_DIR } from "../../build-paths";
import { parseDestination } from "../../docker-syntax";
import { normalizePath } from "../../paths";
import type { KeyOf, KeyWith, SettingKey } from "../keys";
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

/**
 * gitlab-runner mounts a volume at the folder of working trees, in services too. Below that folder,
 * the helper, which clones, and the job would each have their own tmpfs.
 */
const keepWorkingTrees: Rule = ({ value, name, show }) => {
  const written = value("buildsDir");
  const folder = normalizePath(written ?? DEFAULT_BUILDS_DIR);
  const trees = `the working trees of jobs are in ${written === undefined ? folder : show("buildsDir")}`;
  const explain = (key: SettingKey, path: string, why: string) =>
    `${name(key)} must not mount a tmpfs at ${path}, because ${trees}${why}: remove it, or set another ${name("buildsDir")}`;
  const find = (key: (typeof TMPFS_KEYS)[number], isWrong: (path: string) => boolean) =>
    Object.keys(value(key) ?? {}).filter((path) => isWrong(normalizePath(path)));
  return {
    problems: [
      ...find("docker.tmpfs", (path) => `${path}/`.startsWith(`${folder}/`)).map((path) =>
        explain("docker.tmpfs", path, " and every job would fail"),
      ),
      ...find("docker.servicesTmpfs", (path) => path === folder).map((path) =>
        explain("docker.servicesTmpfs", path, ", which gitlab-runner also mounts in services"),
      ),
    ],
  };
};

/** Rules about what jobs and services may use of a node. */
export const DOCKER_LIMIT_RULES: readonly Rule[] = [
  orderMemory,
  mountEachPathOnce,
  keepWorkingTrees,
];
